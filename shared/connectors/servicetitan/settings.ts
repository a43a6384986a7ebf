import type { ConnectionConfig } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { secretIn, settingsIn } from "../settings.ts";
import type { VendorClient } from "../vendor-client.ts";

/** By job type, what is reconciled: each job (unless said), or the project with all its jobs of such a type. */
const units = z.record(
  z.string().check(z.regex(/^jobType:[1-9]\d*$/, "expected jobType: and the job type's id")),
  z.enum(["job", "project"], "expected job or project"),
);

/** What a ServiceTitan connection needs beside the common settings. */
export const settings = z.looseObject({
  /** The tenant's id, part of every path. */
  tenant: z.string().check(z.regex(/^\d+$/, "expected the tenant's number as text")),
  /** Token address: `https://auth.servicetitan.io/connect/token`, or that of the integration environment. */
  authUrl: z.string().check(z.regex(/^https?:\/\/[^\s]+$/, "expected a URL")),
  /** Our booking provider's id; without it a missing job cannot be booked. */
  bookingProvider: z.optional(z.string()),
  /** External data is shown only to the application that names itself by this guid. */
  externalDataApplicationGuid: z.optional(z.string()),
  /** `{ "jobType:41": "project" }` */
  units: z.optional(units),
  /** `hold` can be said and not switched on: the newest list of the API's paths has none that sets it. */
  capabilities: z.optional(
    z.looseObject({
      hold: z.optional(z.boolean().check(z.refine((on) => !on, "expected false: hold is asked of a person"))),
    }),
  ),
});
export type Settings = z.infer<typeof settings>;

/** The connection's `units`; empty where it has none. */
export function unitsOf({ units: said }: ConnectionConfig): z.infer<typeof units> {
  return said === undefined ? {} : (z.safeParse(units, said).data ?? {});
}

/** The shape of the connection's secret. The application key is one per app, client id and secret are per tenant. */
export const secret = z.strictObject({
  clientId: z.string(),
  clientSecret: z.string(),
  applicationKey: z.string(),
});
export type Secret = z.infer<typeof secret>;

/** The connection's settings. Throws Failure `bad-input` where they do not fit. */
export function settingsOf(connection: ConnectionConfig): Settings {
  return settingsIn(settings, connection);
}

/** The connection's credentials. Throws Failure `unauthorised` where the secret does not have the expected shape. */
export function secretOf(client: VendorClient): Secret {
  return secretIn(secret, client);
}

/** The modules of the document's actions: the first word of every path. */
export type Module = "jpm" | "crm" | "dispatch" | "accounting" | "settings" | "equipmentsystems";

/** `/{module}/v2/tenant/{tenant}` and the resource's path below it. */
export function pathIn(connection: ConnectionConfig, module: string, path: string): string {
  return `/${module}/v2/tenant/${settingsOf(connection).tenant}${path}`;
}
