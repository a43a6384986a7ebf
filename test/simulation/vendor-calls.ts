import type { VendorClient, VendorReply, VendorRequest } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import type * as z from "#shared/domain/schema.ts";
import type { Defect } from "./defects.ts";
import type { Invocation, PortFailures, Scheduler } from "./scheduler.ts";
import { type Answer, type Asked, branch, crews, fleet, office } from "./vendor-answers.ts";
import type { Books } from "./vendors.ts";
import type { Witness } from "./witness.ts";

export interface Calls {
  readonly books: Books;
  readonly scheduler: Scheduler;
  readonly witness: Witness;
  readonly defect: Defect | null;
}

/** A client of a model vendor whose every request waits its turn and may fail, and whose writes are witnessed. */
export function clientUnder(
  calls: Calls,
  of: Invocation,
  connection: ConnectionConfig,
  purpose: VendorClient["purpose"],
  about: { readonly job: string; readonly intent: string } | null,
): VendorClient {
  const model = modelClient(calls.books, connection, purpose, () => about?.intent ?? null);
  const request = async <Schema extends z.ZodMiniType>(
    asked: VendorRequest<Schema>,
  ): Promise<VendorReply<z.infer<Schema>>> => {
    const once = (): Promise<VendorReply<z.infer<Schema>>> =>
      calls.scheduler.port(
        of,
        `${connection.id}.${asked.writes ? "write" : "read"}`,
        () => ask(calls, of, model, asked, about),
        vendorFailures(asked.writes),
      );
    try {
      return await once();
    } catch (cause) {
      const blind = calls.defect === "blind retry" && cause instanceof Failure && cause.kind === "ambiguous";
      if (!blind) throw cause;
      return once();
    }
  };
  return { ...model, request };
}

/** Operations that make a record, which a second one of the same name would double. */
const makes: readonly string[] = ["createBooking", "createPayment"];

async function ask<Schema extends z.ZodMiniType>(
  calls: Calls,
  of: Invocation,
  model: VendorClient,
  asked: VendorRequest<Schema>,
  about: { readonly job: string; readonly intent: string } | null,
): Promise<VendorReply<z.infer<Schema>>> {
  const before = calls.books.log.length;
  const authors = new Map(calls.books.authors);
  const reply = await model.request(asked);
  const write = calls.books.log[before];
  if (write && about) {
    const fields = Object.keys(write.body);
    const ours = fields.every((field) => authors.get(`${write.record}/${field}`) === about.intent);
    const isMade = makes.includes(write.operation);
    const doubled = calls.books.log
      .slice(0, before)
      .some((past) => past.record === write.record && past.operation === write.operation);
    const again = isMade ? doubled : ours && fields.length > 0;
    await calls.witness.written(of, about.job, about.intent, write, again);
  }
  return reply;
}

/** What a vendor's silence means: of a read that it may be asked again, of a write that nobody knows. */
function vendorFailures(writes: boolean): PortFailures {
  return {
    throttled: () => new Failure("rate-limited", "429"),
    timedOut: () => new Failure(writes ? "ambiguous" : "transient", "no answer in time"),
  };
}

/** A client whose vendor is a few rows in this process. It speaks the vendor's paths, so that the real connector reads it. */
function modelClient(
  books: Books,
  connection: ConnectionConfig,
  purpose: VendorClient["purpose"],
  intent: () => string | null,
): VendorClient {
  const ask = (request: Asked): Answer => {
    if (connection.vendor === "servicetitan") return office(books, request, intent());
    if (connection.vendor === "customtrades") return branch(books, request, intent());
    if (connection.vendor === "fleetio") return fleet(books, request);
    return crews(books, request);
  };
  return {
    connection,
    secret: {},
    purpose,
    now: async () => books.now(),
    async request<Schema extends z.ZodMiniType>(request: VendorRequest<Schema>): Promise<VendorReply<z.infer<Schema>>> {
      const { status, body } = ask(request);
      if (status === 404) throw new Failure("missing", `${request.operation}: 404`, { status });
      if (status >= 400) throw new Failure("rejected", `${request.operation}: ${status}`, { status });
      const value = request.schema.parse(structuredClone(body));
      return { value, status, headers: {}, requestId: null };
    },
  };
}
