import * as z from "#shared/domain/schema.ts";
import type { Api } from "#shared/replies/api.ts";
import { resultsSchema } from "#shared/replies/lists.ts";
import { type PlanShown, planSchema, standingOf } from "#shared/replies/plan.ts";
import { type Call, type Command, needed, queryOf, type Shown, Usage } from "../command.ts";

type Intents = PlanShown["intents"];

export const approve: Command = {
  name: "approve",
  about: "approves writes of the plan, as they are shown now",
  takes: "ID... | JOB... | --all",
  options: [
    { name: "all", about: "everything that waits, money left out" },
    { name: "connection", value: "ID", about: "with --all: only what is wanted there" },
    { name: "money", about: "with --all: writes that move money too" },
  ],
  async run(call) {
    const api = await call.api();
    if (!call.flags.has("all"))
      return decided(await api.post("plan/approve", { intents: bound(await named(api, call)) }));
    if (call.positionals.length > 0) throw new Usage("name intents, or say --all, not both");
    const { connection } = call.values;
    const body = {
      all: true,
      ...(connection ? { connection } : {}),
      ...(call.flags.has("money") ? { money: true } : {}),
    };
    return decided(await api.post("plan/approve", body));
  },
};

export const reject: Command = {
  name: "reject",
  about: "rejects writes of the plan; they stay rejected until what they were planned from changes",
  takes: "ID... | JOB...",
  options: [{ name: "why", value: "TEXT", about: "the reason, kept with the plan" }],
  async run(call) {
    const why = needed(call, "why");
    const api = await call.api();
    return decided(await api.post("plan/reject", { intents: bound(await named(api, call)), why }));
  },
};

/** The intents that the words name: by intent id, else everything of a job that waits for a person. */
async function named(api: Api, call: Call): Promise<Intents> {
  if (call.positionals.length === 0) throw new Usage("name an intent or a job of plumbline plan");
  const all = z.parse(planSchema, await api.get("plan")).intents;
  const found: Intents[number][] = [];
  for (const word of call.positionals) {
    const byId = all.filter((intent) => intent.id === word);
    const its =
      byId.length > 0
        ? byId
        : z
            .parse(planSchema, await api.get(`plan${queryOf({ job: word })}`))
            .intents.filter((intent) => standingOf(intent) === "waits for you");
    if (its.length === 0) throw new Usage(`nothing of ${word} waits for you`);
    found.push(...its);
  }
  return found;
}

/** A decision carries the hash of what the person saw, so that it is refused when that has changed since. */
function bound(intents: Intents): readonly { job: string; intent: string; bound: string }[] {
  return intents.map(({ job, id, bound: hash }) => ({ job, intent: id, bound: hash }));
}

function decided(reply: unknown): Shown {
  const { results } = z.parse(resultsSchema, reply);
  const lines = results.map((one) =>
    one.decided ? `done     ${one.sentence ?? one.intent}` : `refused  ${one.intent}: ${one.why ?? ""}`,
  );
  return {
    json: reply,
    text: lines.length === 0 ? "Nothing waits." : lines.join("\n"),
    code: results.some((one) => !one.decided) ? 1 : 0,
  };
}
