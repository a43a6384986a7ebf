import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { addCell, type Cell } from "#infra/cell.ts";
import { committedContext } from "#infra/context.ts";
import { readStage } from "#infra/stage.ts";
import * as z from "#shared/domain/schema.ts";

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z._default(z.record(z.string(), z.unknown()), {}),
  DeletionPolicy: z.optional(z.string()),
  UpdateReplacePolicy: z.optional(z.string()),
});

export type Resource = z.infer<typeof resourceSchema> & { readonly id: string; readonly stack: string };

const stacksToBundle = "aws:cdk:bundling-stacks";

type Told = Readonly<Record<string, unknown>>;

/**
 * An app as cdk.json configures it, with one cell in it, not yet synthesised; its functions are bundled where asked.
 * `more` stands in the entry `plumbline` besides.
 */
export function cellApp({ bundled, more = {} }: { bundled: boolean; more?: Told }): { app: App; cell: Cell } {
  const outdir = mkdtempSync(join(tmpdir(), "plumbline-synth-"));
  const committed = committedContext();
  const plumbline = { ...z.parse(z.looseObject({}), committed["plumbline"]), ...more };
  const context = { ...committed, plumbline, ...(bundled ? {} : { [stacksToBundle]: [] }) };
  const app = new App({ outdir, context });
  return { app, cell: addCell(app, readStage(app.node)) };
}

/** Every resource of the cell's four templates. */
export function synthesisedResources(more: Told = {}): readonly Resource[] {
  const { app, cell } = cellApp({ bundled: false, more });
  const resources = Object.entries(cell).flatMap(([stack, made]) =>
    Object.entries(z.parse(z.record(z.string(), resourceSchema), Template.fromStack(made).toJSON()["Resources"])).map(
      ([id, resource]) => ({ ...resource, id, stack }),
    ),
  );
  rmSync(app.outdir, { recursive: true, force: true });
  return resources;
}

/** The files of a synthesised app that decide what is deployed: templates, manifests of assets, the assets' names. */
export function deployedFiles(outdir: string): readonly string[] {
  return readdirSync(outdir).filter((name) => /^asset\.|\.(template|assets)\.json$/.test(name));
}

/** The property of a resource as an object or a list; throws where it is neither. */
export function part(of: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => z.parse(z.looseObject({}), at)[name], of);
}
