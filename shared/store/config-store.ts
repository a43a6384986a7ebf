import { Failure } from "#shared/domain/failure.ts";
import { type CompanyConfig, type Config, companySchema } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import type { ConfigStore, Schedules } from "#shared/pipeline/ports.ts";
import { type Item, maybeText, text } from "./attributes.ts";
import { ensureControl } from "./control.ts";
import { type Dynamo, isNew, keyItem } from "./dynamo.ts";
import { everyCompany, type Key, keys } from "./table.ts";

/** How long a sandbox trusts what it has read; the system's own clock, because only this process's memory is meant. */
const trustedMs = 60_000;

const mostRemembered = 1_000;

const companiesSchema = z.array(z.string());

/** What reading configuration needs of the table. */
export type GetItem = (key: Key) => Promise<Item | undefined>;

/** Configuration as it stands in the table. `cell` names whose companies are listed; null when nobody asks. */
export function configStore(get: GetItem, cell: string | null, millis: () => number = Date.now): ConfigStore {
  const cache = new Map<string, { readonly at: number; readonly value: Promise<CompanyConfig | null> }>();
  return {
    company: (id) => {
      const known = cache.get(id);
      if (known && millis() - known.at < trustedMs) return known.value;
      const value = readCompany(get, id);
      // Anybody may ask for any name at the webhook's door.
      if (cache.size >= mostRemembered) cache.clear();
      cache.set(id, { at: millis(), value });
      // A read that failed is not remembered.
      value.catch(() => cache.delete(id));
      return value;
    },
    companies: async () => {
      const item = cell === null ? undefined : await get(keys.cell(cell));
      return item ? companiesSchema.parse(JSON.parse(text(item, "c"))) : [];
    },
  };
}

async function readCompany(get: GetItem, id: string): Promise<CompanyConfig | null> {
  const item = await get(keys.config(id));
  return item ? companySchema.parse(JSON.parse(text(item, "c"))) : null;
}

/**
 * Puts a checked configuration into the table (`plumbline config apply`): companies first, then the cells that name
 * them, so that no tick sees a company without its connections. New companies get their stop switch, not stopped.
 */
export async function applyConfiguration(dynamo: Dynamo, config: Config): Promise<void> {
  await ensureControl(dynamo, everyCompany);
  for (const company of config.companies) {
    await ensureControl(dynamo, company.id);
    await dynamo.put({ ...keyItem(keys.config(company.id)), c: { S: JSON.stringify(company) } });
  }
  for (const cell of config.cells) {
    await dynamo.put({ ...keyItem(keys.cell(cell.id)), c: { S: JSON.stringify(cell.companies) } });
  }
}

/**
 * Applies one company of this cell and names it there. The list is written on the list that was read: two companies
 * that are applied at the same time are both named.
 */
export async function applyCompany(dynamo: Dynamo, cell: string, company: CompanyConfig): Promise<void> {
  await applyConfiguration(dynamo, { cells: [], companies: [company] });
  const key = keys.cell(cell);
  for (let attempt = 1; attempt <= 20; attempt++) {
    const item = await dynamo.get(key);
    const named = item ? companiesSchema.parse(JSON.parse(text(item, "c"))) : [];
    if (named.includes(company.id)) return;
    const c = { S: JSON.stringify([...named, company.id]) };
    const seen = item ? { expression: "c = :seen", values: { ":seen": { S: text(item, "c") } } } : isNew;
    if (await dynamo.put({ ...keyItem(key), c }, seen)) return;
    await new Promise((done) => setTimeout(done, 20 * attempt * Math.random()));
  }
  throw new Failure("conflict", `the companies of cell ${cell} are being changed; apply again`);
}

export function schedulesOf(dynamo: Dynamo): Schedules {
  return {
    madeFrom: async (company) => {
      const item = await dynamo.get(keys.schedule(company));
      return item ? maybeText(item, "c") : null;
    },
    made: async (company, digest) => {
      await dynamo.put({ ...keyItem(keys.schedule(company)), c: { S: digest } });
    },
  };
}
