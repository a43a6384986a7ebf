import { readFileSync } from "node:fs";
import * as z from "#shared/domain/schema.ts";

const fileSchema = z.object({ context: z.record(z.string(), z.unknown()) });

/** The context of cdk.json, feature flags included: without them a test would look at another template than is deployed. */
export function committedContext(): Record<string, unknown> {
  const file: unknown = JSON.parse(readFileSync(new URL("../cdk.json", import.meta.url), "utf8"));
  return z.parse(fileSchema, file).context;
}
