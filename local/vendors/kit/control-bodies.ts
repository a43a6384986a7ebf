import { z } from "zod/mini";

/** Shapes of what the control API takes; its page is the kit's README. */
const instant = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), "no instant"));
const jsonRecord = z.record(z.string(), z.json());
const name = z.string().check(z.minLength(1));

const expression = z.string().check(z.refine(isExpression, "no regular expression"));

function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

export const clockBody = z.object({ now: instant });
export const accountBody = z.object({
  id: name,
  credentials: z.record(z.string(), z.string()),
  settings: z.optional(jsonRecord),
});
export const loadBody = z.object({
  account: name,
  collections: z.record(z.string(), z.union([z.array(jsonRecord), z.record(z.string(), jsonRecord)])),
});
export const plantBody = z.object({
  account: name,
  edits: z.array(
    z.object({
      at: z.optional(instant),
      collection: name,
      key: z.union([z.string(), z.number()]),
      op: z.enum(["create", "update", "remove"]),
      fields: z.optional(jsonRecord),
      touch: z.optional(z.boolean()),
      notify: z.optional(z.boolean()),
      label: z.optional(z.string()),
    }),
  ),
});
export const faultBody = z.object({
  account: z.optional(name),
  match: z.optional(z.object({ method: z.optional(z.string()), path: z.optional(expression) })),
  fault: z.object({
    kind: z.enum([
      "delay",
      "status",
      "reset-before",
      "reset-after",
      "truncate",
      "content-type",
      "html",
      "timeout-after",
    ]),
    status: z.optional(z.int()),
    body: z.optional(z.json()),
    headers: z.optional(z.record(z.string(), z.string())),
    ms: z.optional(z.number()),
  }),
  times: z.optional(z.int().check(z.positive())),
  from: z.optional(instant),
  until: z.optional(instant),
});
export const dialsBody = z.object({ account: z.optional(name), dials: jsonRecord });
export const webhookBody = z.object({
  account: name,
  url: z.url(),
  secret: z.string(),
  events: z.optional(z.array(z.string())),
  enabled: z.optional(z.boolean()),
});
