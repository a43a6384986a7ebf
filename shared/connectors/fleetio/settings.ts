import type { ConnectionConfig } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { secretIn, settingsIn } from "../settings.ts";
import type { VendorClient } from "../vendor-client.ts";

/** What a Fleetio connection needs beside the common settings. */
export const settings = z
  .looseObject({
    book: z.string(),
    /** `X-Api-Version`, sent with every request: without it the same code behaves differently per key. */
    apiVersion: z.string().check(
      z.regex(/^\d{4}-\d{2}-\d{2}$/, "expected a day, as in 2024-03-15"),
      z.refine((day) => day >= "2024-01-01", "expected 2024-01-01 or later: older versions list without a cursor"),
    ),
    /** The ids under which a client's account knows us: other vendors' entries are not ours to read. */
    ourVendorIds: z.optional(z.array(z.number()).check(z.minLength(1))),
  })
  .check(
    z.refine((value) => value.book !== "payable" || value.ourVendorIds !== undefined, {
      path: ["ourVendorIds"],
      message: "expected at least one vendor id: a client's account holds other vendors' entries too",
    }),
  );
export type Settings = z.infer<typeof settings>;

/** The shape of the connection's secret. */
export const secret = z.strictObject({
  apiKey: z.string(),
  accountToken: z.string(),
  webhookSecret: z.optional(z.string()),
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
