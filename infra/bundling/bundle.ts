import { mkdtempSync, readdirSync, rmSync } from "node:fs";
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
 * Bundles functions as they are deployed: each one minified ES module, the AWS SDK inside, and stand-ins for what a
 * cold start would pay for and never use (credential providers, undici, event streams, the cache of endpoint discovery).
 * Writes `<folder>/index.mjs` into `directory` and returns what went into each. What they share is read once.
 */
export function bundleInto(directory: string, folders: readonly string[]): Metafile {
  const { metafile } = buildSync({
    absWorkingDir: projectRoot,
    entryPoints: Object.fromEntries(folders.map((folder) => [`${folder}/index`, `functions/${folder}/handler.ts`])),
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

let bundles: string | null = null;

/** Where the bundles of all folders under functions/ are, made when the first of them is asked for. */
function bundlesFolder(): string {
  if (bundles === null) {
    bundles = mkdtempSync(join(tmpdir(), "plumbline-bundles-"));
    bundleInto(bundles, readdirSync(join(projectRoot, "functions")));
  }
  return bundles;
}

/**
 * The bundle of a folder under functions/ as a Lambda asset, however many functions run it. Its hash is the hash of the
 * bundle, so that two machines make the same template.
 */
export function bundleOf(scope: Construct, folder: string): Code {
  // As the CDK's own bundling does: `--context aws:cdk:bundling-stacks=[]` leaves the sources as they are, which is
  // enough to look at a template.
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(join(projectRoot, "functions", folder));
  return Code.fromAsset(join(bundlesFolder(), folder), { assetHashType: AssetHashType.SOURCE });
}

process.once("exit", () => {
  if (bundles !== null) rmSync(bundles, { recursive: true, force: true });
});
