import type { JobState, Link } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { Context } from "./context.ts";
import { nothingArrives } from "./reconcile.ts";
import { sendIntents, type TakeInPorts, updateJob } from "./take-in.ts";

/** The link of a record made by another rule on other evidence, and told in its job's history. */
export async function relinked(
  ports: TakeInPorts,
  company: CompanyConfig,
  surroundings: Omit<Context, "held">,
  job: string,
  record: string,
  now: Pick<Link, "rule" | "evidence" | "batch">,
  by: string,
): Promise<void> {
  const edit = (state: JobState): JobState => {
    const links = state.links.map((link): Link => {
      const { doubt: _, ...held } = link;
      return link.record === record ? { ...held, ...now } : link;
    });
    const line = `${record} is linked by ${now.rule} now, by ${by} (${now.evidence.join(", ")})`;
    const lastChange = { version: 0, at: surroundings.now, cause: "person", records: [record], lines: [line] };
    return { ...state, links, lastChange };
  };
  const { stored, send } = await updateJob(ports, company, surroundings, job, nothingArrives, edit);
  await sendIntents(ports, company, stored, send, surroundings.now);
  await ports.queues.inbound([{ v: 1, kind: "due", company: company.id, job: stored.state.id }]);
}
