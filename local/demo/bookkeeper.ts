import * as z from "#shared/domain/schema.ts";
import type { Demo, DemoAct } from "./demo.ts";

/** What a person at the demo company does, through the same HTTP API as any person's command line. */
export interface Desk {
  /** Does the act and says what came of it. */
  act(act: DemoAct): Promise<string>;
  /** One line about where things stand. */
  summary(): Promise<string>;
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
}

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
const resultsSchema = z.looseObject({ results: z.array(z.looseObject({ decided: z.boolean() })) });
const statusSchema = z.looseObject({
  jobs: z.number(),
  agree: z.number(),
  disagree: z.number(),
  waiting: z.number(),
  notComparable: z.number(),
  gapMinor: z.number(),
});

export function deskAt(apiUrl: string, token: string, company: string, demo: Demo): Desk {
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
  const get = (path: string): Promise<unknown> => call("GET", path);
  const post = (path: string, body: unknown): Promise<unknown> => call("POST", path, body);
  return {
    get,
    post,
    async summary() {
      const status = statusSchema.parse(await get("status"));
      const money = (status.gapMinor / 100).toFixed(2);
      return `${status.jobs} jobs: ${status.agree} agree, ${status.disagree} disagree, ${status.waiting} wait, ${status.notComparable} not comparable; $${money} open`;
    },
    async act(act) {
      switch (act.act) {
        case "cutover":
          return "cutover recorded, nothing to accept";
        case "import-links":
          await post("links/import", { rows: demo.crosswalk, dryRun: false });
          return `links file imported, ${demo.crosswalk.length} rows`;
        case "approve":
        case "reject":
          return decide(act);
      }
    },
  };

  async function decide(act: DemoAct): Promise<string> {
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
    if (found.length === 0) return `nothing planned on ${match.record.connection} ${match.record.id} (${match.target})`;
    const body = { intents: found.map((one) => ({ job: one.job, intent: one.id, bound: one.bound })) };
    const { results } = resultsSchema.parse(
      await post(
        act.act === "approve" ? "plan/approve" : "plan/reject",
        act.act === "approve" ? body : { ...body, why: "not wanted" },
      ),
    );
    const decided = results.filter((one) => one.decided).length;
    return `${act.act === "approve" ? "approved" : "rejected"} ${decided} of ${found.length}: ${found[0]?.sentence ?? ""}`;
  }
}
