import * as z from "#shared/domain/schema.ts";
import { plainAmount } from "#shared/replies/amounts.ts";
import { type PlanShown, planSchema, standingOf } from "#shared/replies/plan.ts";
import { type Command, queryOf } from "../command.ts";

const sections = [
  {
    standing: "waits for you",
    title: "Waiting for your approval (plumbline approve ID, plumbline reject ID --why ...):",
  },
  {
    standing: "waits for its secrets",
    title: "Agreed; sent by plumbline call --send ID, which asks for what is never stored:",
  },
  { standing: "approved", title: "Approved, on the way:" },
  { standing: "goes by itself", title: "Goes by itself, by policy:" },
  { standing: "rejected", title: "Rejected:" },
  { standing: "task", title: "For you to do where no API can; each closes by itself once the vendor shows it:" },
] as const;

export const plan: Command = {
  name: "plan",
  about: "what is wanted at the vendors, and what waits for whom; sends nothing",
  takes: "",
  options: [
    { name: "connection", value: "ID", about: "only what is wanted there" },
    { name: "job", value: "JOB", about: "only this job's" },
  ],
  async run(call) {
    const { connection, job } = call.values;
    const reply = z.parse(planSchema, await (await call.api()).get(`plan${queryOf({ connection, job })}`));
    return { json: reply, text: planText(reply) };
  },
};

/** The plan in sections by who has to act, and what it costs and moves. */
export function planText(plan: PlanShown): string {
  if (plan.intents.length === 0) return "Nothing is planned.";
  const parts = sections.flatMap(({ standing, title }) => {
    const its = plan.intents.filter((intent) => standingOf(intent) === standing);
    if (its.length === 0) return [];
    const lines = its.map((intent) => {
      const money = intent.moneyMinor === 0 ? "" : `  [${plainAmount(intent.moneyMinor)}]`;
      const why = intent.rejected ? `  (${intent.rejected.by}: ${intent.rejected.why})` : "";
      return `  ${intent.id}  ${intent.number ?? intent.job}  ${intent.sentence}${money}${why}`;
    });
    return [title, ...lines, ""];
  });
  const requests = Object.entries(plan.requests).map(([id, count]) => `${id} ${count}`);
  const cost = requests.length === 0 ? "no request" : `requests: ${requests.join(", ")}`;
  return [...parts, `All of it: ${cost}; money at stake ${plainAmount(plan.moneyMinor)}.`].join("\n");
}
