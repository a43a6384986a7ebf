import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { BudgetStore } from "#shared/connectors/budget.ts";
import type { TokenStore } from "#shared/connectors/tokens.ts";
import type { CompanyConfig, Config } from "#shared/domain/policy.ts";
import type {
  Archive,
  ClaimStore,
  ConfigStore,
  Control,
  DueStore,
  FeedStore,
  JobStore,
  ManifestStore,
  Quarantine,
  ReadNumbers,
  Schedules,
  SetStore,
  SweepStore,
} from "#shared/pipeline/ports.ts";
import { budgetStore } from "./budget-store.ts";
import { claimStore } from "./claim-store.ts";
import { applyCompany, applyConfiguration, configStore, schedulesOf } from "./config-store.ts";
import { controlOf } from "./control.ts";
import { dueStore } from "./due-store.ts";
import { type Dynamo, dynamoOf } from "./dynamo.ts";
import { feedStore } from "./feed-store.ts";
import { jobStore } from "./job-store.ts";
import { manifestStore } from "./manifest-store.ts";
import { quarantineStore } from "./quarantine-store.ts";
import { readNumbers } from "./read-numbers.ts";
import { setStore } from "./set-store.ts";
import { sweepStore } from "./sweep-store.ts";
import { everyCompany } from "./table.ts";
import { tokenStore } from "./token-store.ts";

export interface TableAt {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** Everything kept of one company. The company comes from configuration or a token, never from a payload. */
export interface CompanyStore {
  readonly company: string;
  readonly jobs: JobStore;
  readonly claims: ClaimStore;
  readonly sets: SetStore;
  readonly control: Control;
  readonly feeds: FeedStore;
  readonly reads: ReadNumbers;
  readonly manifest: ManifestStore;
  readonly sweeps: SweepStore;
  readonly quarantine: Quarantine;
  readonly budget: BudgetStore;
  readonly tokens: TokenStore;
  /** Due items of this company only; another company's is refused. */
  readonly due: Pick<DueStore, "schedule" | "scheduleOnce" | "cancel">;
}

/** What stands over the companies of a cell: the tick's list, configuration, and the switch of all. */
export interface CellStore {
  readonly due: DueStore;
  readonly config: ConfigStore;
  readonly controlAll: Control;
  readonly schedules: Schedules;
  applyConfiguration(config: Config): Promise<void>;
  /** One company into the cell this was opened for; the others of the cell stay. */
  applyCompany(company: CompanyConfig): Promise<void>;
}

/** `config` answers which connections the company has; the cell's own serves all companies from one cache. */
export function openStore(
  at: TableAt & { readonly company: string; readonly config: ConfigStore; readonly archive: Archive },
): CompanyStore {
  const { company, config, archive } = at;
  const dynamo = dynamoOf(at.client, at.tableName);
  return {
    company,
    jobs: jobStore(dynamo, company),
    claims: claimStore(dynamo, company),
    sets: setStore(dynamo, company),
    control: controlOf(dynamo, company),
    feeds: feedStore(dynamo, company, config),
    reads: readNumbers(dynamo, company),
    manifest: manifestStore(dynamo, company),
    sweeps: sweepStore(dynamo, company),
    quarantine: quarantineStore(dynamo, company, archive),
    budget: budgetStore(dynamo, company),
    tokens: tokenStore(dynamo, company),
    due: ownDue(dynamo, company),
  };
}

/** A company's jobs alone, for a function that needs nothing else of it. */
export function jobsOf(at: TableAt, company: string): JobStore {
  return jobStore(dynamoOf(at.client, at.tableName), company);
}

/** `cell` names whose companies `config.companies()` lists; functions that only look companies up leave it out. */
export function openCell(at: TableAt & { readonly cell?: string }): CellStore {
  const dynamo = dynamoOf(at.client, at.tableName);
  return {
    due: dueStore(dynamo),
    config: configStore((key) => dynamo.get(key), at.cell ?? null),
    controlAll: controlOf(dynamo, everyCompany),
    schedules: schedulesOf(dynamo),
    applyConfiguration: (config) => applyConfiguration(dynamo, config),
    applyCompany: async (company) => {
      if (at.cell === undefined) throw new Error("no cell was named to apply a company to");
      await applyCompany(dynamo, at.cell, company);
    },
  };
}

function ownDue(dynamo: Dynamo, company: string): CompanyStore["due"] {
  const due = dueStore(dynamo);
  const own = <Item extends { readonly company: string }>(item: Item): Item => {
    if (item.company === company) return item;
    throw new Error(`the store of ${company} was asked for a due item of ${item.company}`);
  };
  return {
    schedule: (item) => due.schedule(own(item)),
    scheduleOnce: (item) => due.scheduleOnce(own(item)),
    cancel: (item) => due.cancel(own(item)),
  };
}
