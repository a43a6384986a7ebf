import type { Sink } from "./log.ts";

/** The metrics of a cell, as data: name to unit. Each series is billed, so dimensions are few and closed. */
export const metricUnits = {
  RecordsForwarded: "Count",
  RecordsQuarantined: "Count",
  FeedAge: "Seconds",
  FeedFailures: "Count",
  DriftFound: "Count",
  DueHandedOut: "Count",
  WebhooksRefused: "Count",
  JobsChanged: "Count",
  VendorWrites: "Count",
} as const;

export type MetricName = keyof typeof metricUnits;

export const metricNamespace = "Plumbline";

export interface Metrics {
  /** One line in CloudWatch's embedded format: the log is the metric, no call is made. `atMillis` is since 1970. */
  emit(values: Readonly<Partial<Record<MetricName, number>>>, vendor: string, atMillis?: number): void;
}

export function metricsTo(sink: Sink): Metrics {
  return {
    emit: (values, vendor, atMillis = Date.now()) => {
      // A zero is what every quiet run would say: it costs a line and tells nothing.
      const told = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== 0));
      const named = Object.entries(metricUnits).filter(([name]) => name in told);
      const Metrics = named.map(([Name, Unit]) => ({ Name, Unit }));
      if (Metrics.length === 0) return;
      const CloudWatchMetrics = [{ Namespace: metricNamespace, Dimensions: [["vendor"]], Metrics }];
      sink(JSON.stringify({ _aws: { Timestamp: atMillis, CloudWatchMetrics }, vendor, ...told }));
    },
  };
}
