import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AssetHashType, Stack } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { buildSync, type Metafile } from "esbuild";

const projectRoot = fileURLToPath(new URL("../../", import.meta.url));
const standIn = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/**
 * Bundles one function as it is deployed: one minified ES module, the AWS SDK inside, and stand-ins for what a
 * cold start would pay for and never use (credential providers, undici, event streams, the cache of endpoint discovery). Writes `index.mjs` into
 * `directory` and returns what went into it.
 */
export function bundleInto(directory: string, folder: string): Metafile {
  const { metafile } = buildSync({
    absWorkingDir: projectRoot,
    entryPoints: { index: `functions/${folder}/handler.ts` },
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    alias: {
      "@aws-sdk/credential-provider-node": standIn("env-credentials.js"),
      "@aws-sdk/endpoint-cache": standIn("no-endpoint-cache.js"),
      "@smithy/core/event-streams": standIn("no-event-streams.js"),
      "node:http": standIn("http.cjs"),
      "node:https": standIn("https.cjs"),
      http: standIn("http.cjs"),
      https: standIn("https.cjs"),
    },
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
  });
  return metafile;
}

const directories = new Map<string, string>();

/**
 * The bundle of a folder under functions/ as a Lambda asset, made once however many functions run it. Its hash is the
 * hash of the bundle, so that two machines make the same template.
 */
export function bundleOf(scope: Construct, folder: string): Code {
  // As the CDK's own bundling does: `--context aws:cdk:bundling-stacks=[]` leaves the sources as they are, which is
  // enough to look at a template.
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(join(projectRoot, "functions", folder));
  let directory = directories.get(folder);
  if (directory === undefined) {
    directory = mkdtempSync(join(tmpdir(), `plumbline-${folder}-`));
    directories.set(folder, directory);
    bundleInto(directory, folder);
  }
  return Code.fromAsset(directory, { assetHashType: AssetHashType.SOURCE });
}

process.once("exit", () => {
  for (const directory of directories.values()) rmSync(directory, { recursive: true, force: true });
});
