import * as z from "#shared/domain/schema.ts";
import { amount } from "#shared/replies/amounts.ts";
import { feedsSchema } from "#shared/replies/lists.ts";
import type { Demo, DemoAct } from "./demo.ts";

/** What a person at the demo company does, through the same HTTP API as any person's command line. */
export interface Desk {
  /**
   * Does the act and says what came of it. Throws when it finds nothing to do, unless it was begun `before`: then a
   * machine that was ended in between may have done it already.
   */
  act(act: DemoAct, before?: boolean): Promise<string>;
  /** One line about where things stand. */
  summary(): Promise<string>;
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
}

type Calls = Pick<Desk, "get" | "post">;

const planSchema = z.looseObject({
  intents: z.array(
    z.looseObject({
      job: z.string(),
      id: z.string(),
      bound: z.string(),
      target: z.string(),
      kind: z.string(),
      sentence: z.string(),
      record: z.object({ connection: z.string(), stream: z.string(), id: z.string() }),
    }),
  ),
});
const resultsSchema = z.looseObject({
  results: z.array(z.looseObject({ decided: z.boolean(), why: z.optional(z.string()) })),
});
const statusSchema = z.looseObject({
  company: z.looseObject({ currency: z.string() }),
  jobs: z.number(),
  agree: z.number(),
  disagree: z.number(),
  waiting: z.number(),
  notComparable: z.number(),
  gapMinor: z.number(),
});
const openingsSchema = z.looseObject({
  rows: z.array(z.looseObject({ job: z.string(), number: z.nullable(z.string()), line: z.string() })),
  countedMinor: z.number(),
});
const jobsSchema = z.looseObject({
  jobs: z.array(z.looseObject({ since: z.nullable(z.string()) })),
  next: z.nullable(z.string()),
});
const importedSchema = z.looseObject({
  new: z.number(),
  same: z.number(),
  confirmed: z.number(),
  left: z.array(z.looseObject({ row: z.number(), why: z.string() })),
});

export function deskAt(apiUrl: string, token: string, company: string, demo: Pick<Demo, "crosswalk">): Desk {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${apiUrl}/companies/${company}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 400)}`);
    const parsed: unknown = JSON.parse(text);
    return parsed;
  };
  const calls: Calls = {
    get: (path) => call("GET", path),
    post: (path, body) => call("POST", path, body),
  };
  return {
    ...calls,
    summary: () => summary(calls),
    act(act, before = false) {
      switch (act.act) {
        case "cutover":
          return cutover(calls);
        case "import-links":
          return importLinks(calls, demo.crosswalk);
        case "look":
          return look(calls);
        case "approve":
        case "reject":
          return decide(calls, act, before);
      }
    },
  };
}

async function summary({ get }: Calls): Promise<string> {
  const { company, jobs, agree, disagree, waiting, notComparable, gapMinor } = statusSchema.parse(await get("status"));
  const standings = `${agree} agree, ${disagree} disagree, ${waiting} wait, ${notComparable} not comparable`;
  return `${jobs} jobs: ${standings}; ${amount(gapMinor, company.currency)} open`;
}

/** Where things stand, which feeds are silent or failing, and since when jobs cannot be compared. */
async function look(calls: Calls): Promise<string> {
  const { feeds } = feedsSchema.parse(await calls.get("feeds"));
  const named = (those: typeof feeds): string =>
    those.length === 0 ? "none" : [...new Set(those.map(({ connection }) => connection))].join(", ");
  const silent = feeds.filter(({ stale }) => stale);
  const failing = feeds.filter(({ failingSince }) => failingSince !== null);
  const since = (await notComparable(calls)).map((line) => line.since ?? "").toSorted()[0];
  const unsure = since === undefined ? "" : `; not comparable since ${since}`;
  return `${await summary(calls)}${unsure}; silent: ${named(silent)}; failing: ${named(failing)}`;
}

async function notComparable({ get }: Calls): Promise<z.infer<typeof jobsSchema>["jobs"]> {
  const found: z.infer<typeof jobsSchema>["jobs"] = [];
  for (let next: string | null = ""; next !== null; ) {
    const path: string = `jobs?standing=not-comparable${next === "" ? "" : `&next=${encodeURIComponent(next)}`}`;
    const page = jobsSchema.parse(await get(path));
    found.push(...page.jobs);
    next = page.next;
  }
  return found;
}

/**
 * The demo company starts without a difference, so whatever is listed here was not planted: it is not signed for. An
 * empty list has nothing to post, as for a person at the terminal.
 */
async function cutover({ get }: Calls): Promise<string> {
  const { rows, countedMinor } = openingsSchema.parse(await get("cutover"));
  const { jobs, company } = statusSchema.parse(await get("status"));
  const counted = `${rows.length} differences, ${amount(countedMinor, company.currency)}`;
  if (jobs === 0) throw new Error("cutover: no job was read yet, so nobody can sign for it");
  if (rows.length > 0) {
    const named = rows.slice(0, 5).map(({ job, number, line }) => `${number ?? job} ${line}`);
    throw new Error(`cutover: ${counted}, where none was expected: ${named.join(", ")}`);
  }
  return `cutover: ${jobs} jobs looked at, ${counted}, nothing to accept`;
}

async function importLinks({ post }: Calls, rows: Demo["crosswalk"]): Promise<string> {
  const said = importedSchema.parse(await post("links/import", { rows, dryRun: false }));
  if (said.left.length > 0)
    throw new Error(`links file: left out ${said.left.map(({ row, why }) => `row ${row}, ${why}`).join("; ")}`);
  const confirmed = `${said.confirmed} that a rule had linked and the bookkeeper confirms`;
  return `links file imported: ${said.new} new, ${confirmed}, ${said.same} same`;
}

async function decide({ get, post }: Calls, act: DemoAct, before: boolean): Promise<string> {
  const { match } = act;
  if (!match) throw new Error(`an act without a match: ${JSON.stringify(act)}`);
  const { intents } = planSchema.parse(await get("plan"));
  const found = intents.filter(
    (one) =>
      one.kind === "write" &&
      one.target === match.target &&
      one.record.connection === match.record.connection &&
      (one.record.id === match.record.id || one.record.id.endsWith(match.record.id)),
  );
  const named = `${match.target} of ${match.record.connection} ${match.record.id}`;
  if (found.length === 0) {
    if (before) return `${named} was decided before the machine ended`;
    throw new Error(`nothing planned to ${act.act}: ${named}`);
  }
  const body = { intents: found.map((one) => ({ job: one.job, intent: one.id, bound: one.bound })) };
  const { results } = resultsSchema.parse(
    await (act.act === "approve" ? post("plan/approve", body) : post("plan/reject", { ...body, why: "not wanted" })),
  );
  const undecided = results.filter((one) => !one.decided);
  if (undecided.length > 0)
    throw new Error(
      `could not ${act.act} ${named}: ${undecided.map(({ why }) => why ?? "no reason given").join("; ")}`,
    );
  return `${act.act === "approve" ? "approved" : "rejected"} ${found.length}: ${found[0]?.sentence ?? ""}`;
}
