import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "#shared/domain/schema.ts";

/** One resource of one stack, as CloudFormation would read it; properties hold unresolved intrinsic functions. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface StackTemplate {
  readonly name: string;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly parameters: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, { readonly value: unknown; readonly exportName: unknown }>;
  readonly conditions: ReadonlyMap<string, unknown>;
  readonly mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** Every stack that one synthesis wrote, and the folders of its file assets by the object key they are uploaded under. */
export interface Assembly {
  readonly stacks: ReadonlyMap<string, StackTemplate>;
  readonly assets: ReadonlyMap<string, string>;
}

const anything = z.record(z.string(), z.unknown());

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.optional(anything), Condition: z.optional(z.string()) }),
  ),
  Parameters: z.optional(z.record(z.string(), z.object({ Default: z.optional(z.unknown()) }))),
  Outputs: z.optional(
    z.record(z.string(), z.object({ Value: z.unknown(), Export: z.optional(z.object({ Name: z.unknown() })) })),
  ),
  Conditions: z.optional(anything),
  Mappings: z.optional(z.record(z.string(), z.record(z.string(), anything))),
});

const manifestSchema = z.object({
  artifacts: z.optional(
    z.record(
      z.string(),
      z.object({
        type: z.string(),
        displayName: z.optional(z.string()),
        properties: z.optional(z.object({ templateFile: z.optional(z.string()), stackName: z.optional(z.string()) })),
      }),
    ),
  ),
});

const assetsSchema = z.object({
  files: z.optional(
    z.record(
      z.string(),
      z.object({
        source: z.object({ path: z.optional(z.string()) }),
        destinations: z.record(z.string(), z.object({ objectKey: z.optional(z.string()) })),
      }),
    ),
  ),
});

/**
 * Reads what `cdk synth` wrote into a folder (templates, manifest, asset lists). Throws one line that names the folder
 * or file when there is nothing to read or it is not what it should be.
 */
export function readAssembly(folder: string): Assembly {
  const directory = resolve(folder);
  const files = existsSync(directory) ? readdirSync(directory) : [];
  const templates = files.filter((file) => file.endsWith(".template.json")).sort();
  if (templates.length === 0) throw new Error(`no template in ${folder}: synthesise the CDK app first (npm run synth)`);
  const names = stackNames(directory);
  const stacks = new Map<string, StackTemplate>();
  for (const file of templates) {
    const name = names.get(file) ?? file.slice(0, -".template.json".length);
    stacks.set(name, readTemplate(join(directory, file), name));
  }
  const assets = new Map<string, string>();
  for (const file of files.filter((name) => name.endsWith(".assets.json"))) {
    const list = parsed(assetsSchema, join(directory, file));
    for (const entry of Object.values(list.files ?? {})) {
      for (const { objectKey } of Object.values(entry.destinations)) {
        if (entry.source.path && objectKey) assets.set(objectKey, resolve(directory, entry.source.path));
      }
    }
  }
  return { stacks, assets };
}

/** The resources of one type over all stacks, in the order of the templates. */
export function resourcesOf(assembly: Assembly, ...types: readonly string[]): Resource[] {
  return [...assembly.stacks.values()].flatMap((stack) =>
    [...stack.resources.values()].filter((resource) => types.includes(resource.type)),
  );
}

function readTemplate(file: string, name: string): StackTemplate {
  const body = parsed(templateSchema, file);
  const resources = new Map<string, Resource>();
  for (const [logicalId, { Type, Properties }] of Object.entries(body.Resources)) {
    resources.set(logicalId, { stack: name, logicalId, type: Type, properties: Properties ?? {} });
  }
  return {
    name,
    resources,
    parameters: new Map(Object.entries(body.Parameters ?? {}).map(([id, { Default }]) => [id, text(Default)])),
    outputs: new Map(
      Object.entries(body.Outputs ?? {}).map(([id, { Value, Export }]) => [
        id,
        { value: Value, exportName: Export?.Name },
      ]),
    ),
    conditions: new Map(Object.entries(body.Conditions ?? {})),
    mappings: body.Mappings ?? {},
  };
}

/** Template file -> name of the stack, from the manifest where there is one. */
function stackNames(directory: string): Map<string, string> {
  const file = join(directory, "manifest.json");
  const names = new Map<string, string>();
  if (!existsSync(file)) return names;
  for (const [id, artifact] of Object.entries(parsed(manifestSchema, file).artifacts ?? {})) {
    if (artifact.type !== "aws:cloudformation:stack" || !artifact.properties?.templateFile) continue;
    names.set(artifact.properties.templateFile, artifact.properties.stackName ?? id);
  }
  return names;
}

function parsed<Schema extends z.ZodMiniType>(schema: Schema, file: string): z.infer<Schema> {
  const result = z.safeParse(schema, JSON.parse(readFileSync(file, "utf8")));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not as expected"}`);
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
