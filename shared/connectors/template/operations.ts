import * as z from "#shared/domain/schema.ts";
import type { OperationRow } from "../connector.ts";
import { operation, rowsOf } from "../operation.ts";
import { looks } from "./looks.ts";
import { jobReplySchema, listSchema } from "./schemas.ts";
import { statusWords } from "./vocabulary.ts";

/** Every operation of the reference as a row: strict inputs with the vendor's own names. */
const source = (page: string): string => `the vendor's reference, ${page}`;
const id = z.string().check(z.minLength(1, "expected the job's id"));
const read = { method: "GET", writes: false, repeatable: true, notifies: "none" } as const;

export const listJobs = operation({
  ...read,
  key: "listJobs",
  path: "/jobs",
  source: source("List jobs"),
  about: "Jobs by the time they changed, oldest first.",
  input: z.strictObject({
    limit: z.optional(z.int().check(z.minimum(1), z.maximum(50))),
    after: z.optional(z.string()),
    changed_since: z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T/, "expected an instant"))),
  }),
  output: listSchema,
});

export const getJob = operation({
  ...read,
  key: "getJob",
  path: "/jobs/{id}",
  source: source("Get a job"),
  about: "One job.",
  input: z.strictObject({ id }),
  output: jobReplySchema,
});

export const updateJob = operation({
  key: "updateJob",
  method: "PATCH",
  path: "/jobs/{id}",
  writes: true,
  repeatable: true,
  notifies: "unknown",
  happened: "getJob shows the fields that were sent",
  source: source("Update a job"),
  about: "Changes the fields that are sent.",
  input: z.strictObject({
    id,
    status: z.optional(z.enum(statusWords.map((row) => row.word))),
    title: z.optional(z.string()),
  }),
  output: jobReplySchema,
});

export const operations: readonly OperationRow[] = rowsOf([listJobs, getJob, updateJob], looks);
