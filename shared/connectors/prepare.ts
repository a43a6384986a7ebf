import { Failure } from "#shared/domain/failure.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import type * as z from "#shared/domain/schema.ts";
import type { Call, CallLook, CallRequest } from "#shared/messages/call.ts";
import type { OperationRow } from "./connector.ts";
import type { VendorClient, VendorReply, VendorRequest } from "./vendor-client.ts";

type AnyRequest = VendorRequest<z.ZodMiniType>;

/** Where and when an operation is prepared. */
export interface Preparing {
  readonly connection: ConnectionConfig;
  /** Every operation of the connection's vendor: a look names another one. */
  readonly rows: readonly OperationRow[];
  /** ISO, by the clock port. */
  readonly now: string;
}

/** The request that an operation would make first, and whether it writes. */
export interface Prepared {
  readonly request: CallRequest;
  readonly writes: boolean;
}

/**
 * What an operation would send, without sending it: the row runs with a client that keeps the first request and goes
 * no further. Throws Failure `bad-input` with path and expectation when the input does not fit.
 */
export async function prepare(row: OperationRow, input: unknown, { connection, now }: Preparing): Promise<Prepared> {
  const client: VendorClient = {
    connection,
    secret: null,
    purpose: "person",
    now: async () => now,
    request: keep,
  };
  try {
    await row.run?.(client, input);
  } catch (cause) {
    if (cause instanceof Kept) return { request: asData(cause.request), writes: cause.request.writes };
    throw cause;
  }
  throw new Failure("bad-input", `${row.key} makes no request`, { operation: row.key });
}

/**
 * A write with the read that shows whether it happened, as it is stored. Throws as prepare does, and Failure
 * `bad-input` when the row names a read that is none: a fault of the table, not of the input.
 */
export async function prepareCall(
  row: OperationRow,
  input: unknown,
  { request, withheld = [] }: Pick<Call, "request"> & Partial<Pick<Call, "withheld">>,
  preparing: Preparing,
): Promise<Call> {
  const given = typeof input === "object" && input !== null ? Object.fromEntries(Object.entries(input)) : {};
  const look = row.look?.(given, preparing.now) ?? null;
  const reader = look === null ? null : preparing.rows.find((one) => one.key === look.read);
  if (reader === undefined) throw new Failure("bad-input", `${row.key} is looked for by ${look?.read}, which is none`);
  let kept: CallLook | null = null;
  if (look !== null && reader !== null) {
    const { rows, wants, expect } = look;
    const read = await prepare(reader, look.input, preparing);
    kept = {
      operation: reader.key,
      request: read.request,
      rows,
      wants: wants.map(({ of = {}, shows = {} }) => ({ of, shows })),
      expect,
    };
  }
  return { v: 1, operation: row.key, request, withheld, look: kept, happened: row.happened ?? null };
}

class Kept extends Error {
  override readonly name = "Kept";
  readonly request: AnyRequest;

  constructor(request: AnyRequest) {
    super("kept, not sent");
    this.request = request;
  }
}

async function keep<Schema extends z.ZodMiniType>(
  request: VendorRequest<Schema>,
): Promise<VendorReply<z.infer<Schema>>> {
  throw new Kept(request);
}

function asData({ method, path, query, headers, json, form, bytes }: AnyRequest): CallRequest {
  const asked: CallRequest["query"] = {};
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) asked[name] = typeof value === "object" ? [...value] : value;
  return {
    method,
    path,
    ...(Object.keys(asked).length > 0 ? { query: asked } : {}),
    ...(headers && Object.keys(headers).length > 0 ? { headers: { ...headers } } : {}),
    ...(json === undefined ? {} : { json }),
    ...(form === undefined ? {} : { form: { ...form } }),
    ...(bytes
      ? { bytes: { contentType: bytes.contentType, base64: Buffer.from(bytes.content).toString("base64") } }
      : {}),
  };
}

/** Whether a write with this input moves money, and so waits for a person (law 8). */
export function isMoney({ money, moneyInputs = [] }: OperationRow, input: unknown): boolean {
  const given = typeof input === "object" && input !== null ? Object.keys(input) : [];
  return money === true || moneyInputs.some((name) => given.includes(name));
}
