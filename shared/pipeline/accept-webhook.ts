import type { Webhook } from "#shared/connectors/connector.ts";
import { type CompanyConfig, connectionOf } from "#shared/domain/policy.ts";
import type { Hint } from "#shared/messages/hint.ts";
import type { Queues, Secrets } from "./ports.ts";

export interface WebhookPorts {
  company(id: string): Promise<CompanyConfig | null>;
  readonly secrets: Secrets;
  readonly queues: Pick<Queues, "hints">;
  /** The vendor's webhook; null for a vendor that sends none. */
  webhookOf(vendor: string): Webhook | null;
}

export interface WebhookCall {
  readonly company: string;
  readonly connection: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The very bytes that were signed. */
  readonly body: Uint8Array;
}

export interface WebhookAnswer {
  readonly status: 200 | 400 | 401 | 404 | 413;
  /** Ids handed on. */
  readonly ids: number;
  readonly vendor: string | null;
}

export const webhookLimits = { bytes: 5 * 1024 * 1024, idsPerHint: 200 } as const;

const idShape = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Takes a vendor's event: 200 once its hints are queued, and not before (law 3). Only ids are taken from the payload,
 * and only after its signature held. Nothing is kept of a call that is refused: 404 for a connection nobody
 * configured, 413 for a body over 5 MB, 401 for a signature that does not hold, 400 for a body that is not JSON.
 * Throws when the queue or the secret's store fails, which the vendor sees as a 500 and sends again.
 */
export async function acceptWebhook(ports: WebhookPorts, call: WebhookCall): Promise<WebhookAnswer> {
  const refused = (status: 400 | 401 | 404 | 413): WebhookAnswer => ({ status, ids: 0, vendor: null });
  if (call.body.byteLength > webhookLimits.bytes) return refused(413);
  // Before any look-up: what is no id at all needs no read of the table.
  if (!idShape.test(call.company) || !idShape.test(call.connection)) return refused(404);
  const company = await ports.company(call.company);
  const connection = company ? connectionOf(company, call.connection) : undefined;
  const webhook = connection ? ports.webhookOf(connection.vendor) : null;
  if (!company || !connection || !webhook) return refused(404);
  if (!webhook.verify(call.headers, call.body, await ports.secrets.get(connection.secret))) return refused(401);
  const event = jsonOf(call.body);
  if (event === undefined) return refused(400);
  const hints = webhook.hints(event).flatMap(({ stream, ids }) => hintsOf(company.id, connection.id, stream, ids));
  if (hints.length > 0) await ports.queues.hints(connection.vendor, hints);
  return { status: 200, ids: hints.reduce((sum, hint) => sum + hint.ids.length, 0), vendor: connection.vendor };
}

/** Ids are all a hint carries, so that an event of any size fits the queue in hints of a few KB. */
function hintsOf(company: string, connection: string, stream: string, ids: readonly string[]) {
  const hints: Extract<Hint, { kind: "records" }>[] = [];
  for (let start = 0; start < ids.length; start += webhookLimits.idsPerHint) {
    const some = ids.slice(start, start + webhookLimits.idsPerHint);
    hints.push({ v: 1, kind: "records", company, connection, stream, ids: some, why: "webhook", purpose: "live" });
  }
  return hints;
}

/** Undefined for bytes that are not JSON. */
function jsonOf(body: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
