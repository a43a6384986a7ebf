import { Failure } from "#shared/domain/failure.ts";
import { type LogCode, logCodes } from "./log-codes.ts";

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where lines go; the process's standard output, which Lambda keeps line by line as it stands. */
export type Sink = (line: string) => void;

export interface Log {
  write(code: LogCode, fields?: LogFields): void;
  /** A failure with its kind and disposition; of a cause only its message. */
  failure(code: LogCode, error: unknown, fields?: LogFields): void;
  /** The same log with these fields on every line. */
  with(fields: LogFields): Log;
}

export const standardOutput: Sink = (line) => {
  process.stdout.write(`${line}\n`);
};

/** One JSON object a line, level and sentence from the catalogue. */
export function logTo(sink: Sink, bound: LogFields = {}): Log {
  const write = (code: LogCode, fields: LogFields = {}): void => {
    const { level, says } = logCodes[code];
    sink(JSON.stringify({ level, code, says, ...bound, ...fields }));
  };
  return {
    write,
    failure: (code, error, fields = {}) => write(code, { ...fields, ...failureFields(error) }),
    with: (fields) => logTo(sink, { ...bound, ...fields }),
  };
}

function failureFields(error: unknown): LogFields {
  if (error instanceof Failure) {
    const { kind, disposition, message, detail } = error;
    const { connection, operation, status, retryAt } = detail;
    return { failure: kind, disposition, message, connection, operation, status, retryAt };
  }
  if (error instanceof Error) return { failure: error.name, message: error.message, stack: error.stack };
  return { failure: "unknown", message: String(error) };
}
