import type { Page } from "#shared/connectors/connector.ts";
import { connector } from "#shared/connectors/fleetio/index.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { WriteTarget } from "#shared/domain/policy.ts";
import { fixtureOf, openSimulated, pagesOf, type Row, type Simulated, shownBy } from "./account.ts";
import { intentTo } from "./support.ts";

export type { Row };

/** A fixture of this vendor, parsed anew for every caller. */
export const fixture = <Shape = Record<string, Row[]>>(name: string): Shape => fixtureOf<Shape>("fleetio", name);

export const secret = { apiKey: "key.test", accountToken: "account.test", webhookSecret: "whsec.test" };

/** The simulator of one account over real HTTP, loaded with these records, and a client of it. */
export const openAccount = (collections = fixture("account"), now = "2026-11-01T15:00:00.000Z"): Promise<Simulated> =>
  openSimulated({
    connector,
    connectionAt: (url) => connectionOf(`${url}/api`),
    secret,
    account: {
      credentials: { apiKey: secret.apiKey, accountToken: secret.accountToken },
      settings: { timeZone: "America/Denver", zone: "America/Denver" },
    },
    collections,
    now,
  });
export type Account = Simulated;

function connectionOf(baseUrl: string) {
  return {
    id: "fleetio-frontrange",
    vendor: "fleetio",
    book: "payable" as const,
    baseUrl,
    secret: "fl",
    apiVersion: "2024-03-15",
    ourVendorIds: [412],
  };
}

export const context = { connection: connectionOf("http://x"), zone: "America/Denver" };

export const STREAM = "service-entries";

export const readAll = (account: Account, since: string | null): Promise<Page[]> =>
  pagesOf(connector, account.client, STREAM, since);

export const intent = (target: WriteTarget, id: string, wanted: string, args: Row = {}): Intent =>
  intentTo("fleetio-frontrange", target, { stream: STREAM, id }, wanted, args);

export const shown = (page: Page, wanted: Intent): string => shownBy(connector, context, page, wanted);
