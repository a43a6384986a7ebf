import type { Page } from "#shared/connectors/connector.ts";
import { connector } from "#shared/connectors/servicetitan/index.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { WriteTarget } from "#shared/domain/policy.ts";
import { fixtureOf, openSimulated, pagesOf, type Row, type Simulated, shownBy } from "./account.ts";
import { intentTo } from "./support.ts";

export type { Row };

/** A fixture of this vendor, parsed anew for every caller. */
export const fixture = (name: string): Record<string, Row[]> => fixtureOf("servicetitan", name);

const secret = { clientId: "cid.test", clientSecret: "cs.test", applicationKey: "ak1.test" };

/** The simulator of one tenant over real HTTP, loaded with these records, and a client of it. */
export const openTenant = (collections: Record<string, Row[]>, now = "2026-10-29T08:00:00.000Z"): Promise<Simulated> =>
  openSimulated({
    connector,
    connectionAt: (url) => ({
      id: "st-main",
      vendor: "servicetitan",
      book: "receivable",
      baseUrl: url,
      authUrl: `${url}/connect/token`,
      secret: "st-main",
      tenant: "4242",
      bookingProvider: "77",
      zone: "America/Denver",
      zones: { "businessUnit:77": "America/Phoenix" },
      capabilities: { reschedule: true },
    }),
    secret,
    account: { credentials: { tenant: "4242", ...secret } },
    collections,
    now,
  });
export type Tenant = Simulated;

/** Every page of a read, from its start to its proven end. */
export const readAll = (tenant: Tenant, stream: string, since: string | null): Promise<Page[]> =>
  pagesOf(connector, tenant.client, stream, since);

export const context = {
  connection: { id: "st-main", vendor: "servicetitan", book: "receivable" as const, baseUrl: "http://x", secret: "s" },
  zone: "America/Denver",
};

/** What a writer is given: the intent's parts that matter to a connector. */
export const intent = (target: WriteTarget, stream: string, id: string, wanted: string, args: Row = {}): Intent =>
  intentTo("st-main", target, { stream, id }, wanted, args);

export const shown = (page: Page, wanted: Intent): string => shownBy(connector, context, page, wanted);
