import type { JobFacts } from "#shared/domain/facts.ts";
import * as z from "#shared/domain/schema.ts";
import { billings, unknownWord, works } from "#shared/domain/status.ts";
import { instantNanos, localDay } from "#shared/domain/time.ts";
import { amountOf } from "../amount.ts";
import type { Normalise, NormaliseContext, Normalised } from "../connector.ts";
import { problemsOf } from "../problems.ts";
import { type Job, jobSchema } from "./schemas.ts";
import { statusWords } from "./vocabulary.ts";

/** One record in our words. Pure: the same record gives the same facts, and what does not fit says why. */
export const normalise: Normalise = (stream, raw, context) => {
  if (stream !== "jobs") return { unfit: `no stream ${stream}` };
  const parsed = z.safeParse(jobSchema, raw);
  return parsed.success ? jobOf(parsed.data, context) : { unfit: problemsOf(parsed.error, raw) };
};

function jobOf(printed: Job, context: NormaliseContext): Normalised {
  const word = printed.status ?? null;
  const known = statusWords.find((one) => one.word === word);
  const at = printed.completed_at;
  const completedAt = at && instantNanos(at) !== null ? at : null;
  const facts: JobFacts = {
    kind: "job",
    presence: "present",
    number: printed.number ?? null,
    title: printed.title ?? null,
    // An unknown word means any state and moves nothing (law 10).
    work: known ? { word, set: known.work } : unknownWord(word, works),
    billing: known ? { word, set: known.billing } : unknownWord(word, billings),
    customer: null,
    customerName: null,
    schedule: null,
    serviceDay: completedAt === null ? null : localDay(completedAt, context.zone),
    completedAt,
    technicians: null,
    techniciansAre: "all",
    reference: null,
    charge: amountOf(printed.total),
    payment: amountOf(printed.paid),
    noCharge: false,
    keys: {},
    carry: {},
  };
  const notices = known ? [] : [`unknown-word: status ${word ?? "(none)"}`];
  return { facts, parents: [], keys: [], alsoRead: [], notices };
}
