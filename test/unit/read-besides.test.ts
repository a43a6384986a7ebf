import { describe, expect, test } from "vitest";
import { recordKey } from "#shared/domain/ids.ts";
import { emptyJob } from "#shared/domain/job.ts";
import { knownFrom, nothingKnown } from "#shared/domain/observation.ts";
import type { Hint } from "#shared/messages/hint.ts";
import { gatherHints, hintsForParked, invoicesBeside } from "#shared/pipeline/arrive.ts";
import { invoice, payment } from "#test/support/money-view.ts";

describe("what is read besides", () => {
  const hint = (connection: string, name: string, ids: string[], why: "also-read" | "waiting" = "also-read"): Hint => ({
    ...{ v: 1, kind: "records", company: "model", connection, stream: name, ids, why, purpose: "live" },
  });
  test("hints are gathered by stream and reason, each id once and in order", () => {
    const whole: Hint = { v: 1, kind: "stream", company: "model", connection: "s1", stream: "jobs", purpose: "live" };
    expect(
      gatherHints([
        hint("s1", "jobs", ["2"]),
        whole,
        hint("s1", "invoices", ["2"]),
        hint("s1", "jobs", ["1", "2"]),
        hint("s2", "jobs", ["3"]),
        hint("s1", "jobs", ["4"], "waiting"),
      ]),
    ).toEqual([
      hint("s1", "jobs", ["1", "2"]),
      hint("s1", "invoices", ["2"]),
      hint("s2", "jobs", ["3"]),
      hint("s1", "jobs", ["4"], "waiting"),
    ]);
  });
  test("parked records are read again by their names", () =>
    expect(hintsForParked("model", ["s1/jobs/1", "s2/jobs/a/b", "s1/jobs/0"])).toEqual([
      hint("s1", "jobs", ["0", "1"], "waiting"),
      hint("s2", "jobs", ["a/b"], "waiting"),
    ]));

  const known = (one: ReturnType<typeof invoice> | ReturnType<typeof payment>) => knownFrom(one.observation);
  const of = (id: string, connection = "s1") => known(invoice({}, { connection, id }));
  const state = {
    ...emptyJob("j"),
    observations: {
      "s1/invoices/1": of("1"),
      "s1/invoices/2": of("2"),
      "s2/invoices/3": of("3", "s2"),
      "s1/payments/9": known(payment([["1", 5]], {}, { connection: "s1", id: "9" })),
      "s1/invoices/4": nothingKnown,
    },
  };
  const beside = (...arriving: readonly ReturnType<typeof known>[]) =>
    invoicesBeside(state, {
      observations: Object.fromEntries(arriving.map((one) => [recordKey(one.said!.record), one])),
    }).map(recordKey);
  test("with a payment the job's other invoices of its system: it may have left one in silence", () => {
    expect(beside(known(payment([["1", 5]], {}, { connection: "s1", id: "9" })))).toEqual(["s1/invoices/2"]);
    expect(beside(known(payment([], {}, { connection: "s1", id: "9" })))).toEqual(["s1/invoices/1", "s1/invoices/2"]);
    expect(beside(known(payment([["3", 5]], {}, { connection: "s2", id: "9" })))).toEqual([]);
  });
  test("with anything else nothing", () => {
    expect(beside(of("1"))).toEqual([]);
    expect(invoicesBeside(state, { observations: { "s1/payments/9": nothingKnown } })).toEqual([]);
  });
});
