import * as z from "#shared/domain/schema.ts";
import { type Call, type Command, needed, type Shown, wanted } from "../command.ts";

const sideSchema = z.object({
  record: z.string(),
  name: z.nullable(z.string()),
  number: z.optional(z.nullable(z.string())),
  day: z.optional(z.nullable(z.string())),
});
const pairsSchema = z.array(
  z.object({ left: sideSchema, right: sideSchema, score: z.number(), evidence: z.array(z.string()) }),
);
const reviewSchema = z.object({ jobs: pairsSchema, persons: pairsSchema });
const linkedSchema = z.object({ done: z.literal(true), job: z.optional(z.string()), person: z.optional(z.string()) });
const unlinkedSchema = z.object({ job: z.string(), stays: z.string(), records: z.array(z.string()) });

const persons = { name: "persons", about: "the two are customers or technicians, not jobs" };
const why = { name: "why", value: "TEXT", about: "the reason, kept with the link" };

export const linksReview: Command = {
  name: "links review",
  about: "what may be one job, or one person, and waits for you: best first, with the evidence",
  takes: "",
  options: [],
  async run(call) {
    const reply = await (await call.api()).get("links/review");
    const { jobs, persons: people } = z.parse(reviewSchema, reply);
    const lines = [
      `${jobs.length} pairs of jobs, ${people.length} pairs of customers or technicians`,
      ...[...jobs, ...people].flatMap(({ left, right, score, evidence }) => [
        `  ${String(score).padStart(3)}  ${left.record}  ${right.record}`,
        `       ${evidence.join("; ")}`,
      ]),
    ];
    return { json: reply, text: lines.join("\n") };
  },
};

export const linksAccept: Command = {
  name: "links accept",
  about: "two records of the review list are one",
  takes: "RECORD RECORD",
  options: [persons, why],
  run: link,
};

export const linksLink: Command = {
  name: "links link",
  about: "two records are one, though nothing proposed it",
  takes: "RECORD RECORD",
  options: [persons, why],
  run: link,
};

export const linksReject: Command = {
  name: "links reject",
  about: "two records are not one: neither proposed nor joined by a rule again",
  takes: "RECORD RECORD",
  options: [persons, why],
  async run(call) {
    const body = { ...pairOf(call), why: needed(call, "why") };
    const reply = await (await call.api()).post("links/reject", body);
    return { json: reply, text: `${body.records.join(" and ")} stay apart.` };
  },
};

export const linksUnlink: Command = {
  name: "links unlink",
  about: "takes one link back: both jobs are what they were, each with the latest of its records",
  takes: "RECORD",
  options: [why],
  async run(call) {
    const body = { record: wanted(call, 0, "RECORD"), why: needed(call, "why") };
    const reply = await (await call.api()).post("links/unlink", body);
    const { job, stays, records } = z.parse(unlinkedSchema, reply);
    return { json: reply, text: `${records.join(", ")} left ${stays} and stands as ${job} again.` };
  },
};

async function link(call: Call): Promise<Shown> {
  const body = { ...pairOf(call), why: call.values["why"] ?? "" };
  const reply = await (await call.api()).post("links/accept", body);
  const { job, person } = z.parse(linkedSchema, reply);
  return { json: reply, text: `${body.records.join(" and ")} are one: ${job ?? person ?? ""}` };
}

function pairOf(call: Call): { readonly records: readonly [string, string]; readonly persons: boolean } {
  return {
    records: [wanted(call, 0, "RECORD"), wanted(call, 1, "the second RECORD")],
    persons: call.flags.has("persons"),
  };
}
