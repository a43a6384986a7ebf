import type { Node } from "constructs";
import * as z from "#shared/domain/schema.ts";

/**
 * What one deployment of Plumbline is told from outside: the context entry `plumbline` of cdk.json or of
 * `cdk deploy --context`. Companies, connections and schedules are not here: they are data, read at run time.
 */
const stageSchema = z.strictObject({
  /** One deployed pipeline, serving one or more companies. */
  cell: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,19}$/)),
  /** Who signs the operators' tokens (an OpenID Connect issuer) and for whom they are signed. */
  tokenIssuer: z.url(),
  tokenAudience: z.string().check(z.minLength(1)),
  /** The table that a point-in-time recovery made, to go on with instead of the cell's own (RUNBOOK, table-failing). */
  restoredTable: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_.-]{3,255}$/))),
  /** Where the page of console/ is served from, when that is not the API's own address: the one origin that may ask it. */
  consoleOrigin: z.optional(
    z.url().check(z.refine((url) => URL.canParse(url) && new URL(url).origin === url, "expected an origin: no path")),
  ),
});

export type Stage = z.infer<typeof stageSchema>;

/** Reads the stage from the CDK context, `--context cell=NAME` taking precedence over cdk.json; throws what is wrong in it. */
export function readStage(node: Node): Stage {
  const context: unknown = node.tryGetContext("plumbline");
  const cell: unknown = node.tryGetContext("cell");
  const result = z.safeParse(stageSchema, {
    ...(typeof context === "object" ? context : {}),
    ...(cell === undefined ? {} : { cell }),
  });
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `plumbline.${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`cdk.json, context: ${lines.join("; ")}`);
}

/** The name of a thing of this cell as it stands in the account, e.g. `plumbline-main-inbound`. */
export function nameIn(stage: Stage, ...parts: string[]): string {
  return ["plumbline", stage.cell, ...parts].join("-");
}
