import { describe, expect, test } from "vitest";
import { vendors } from "#shared/connectors/vendors.ts";
import { codeIn, type Import, importsOf, type Source, withoutComments } from "#test/support/sources.ts";

/** Who may import whom. `types` are places of which only types may be taken; everything not named is refused. */
interface Room {
  readonly folder: string;
  readonly may: readonly RegExp[];
  readonly types?: readonly RegExp[];
  readonly except?: (path: string) => boolean;
}

const node = /^node:/;
const aws = /^@aws-sdk\//;
const zodDoor = /^shared\/domain\/schema(-object|-fits)?\.ts$/;
const domain = /^shared\/domain\//;
const messages = /^shared\/messages\//;
const kit = /^shared\/connectors\/(?!registry\.ts)[^/]+\.ts$/;
const testTools = /^(vitest|fast-check)$/;
const ports = /^shared\/pipeline\/ports\.ts$/;

const rooms: readonly Room[] = [
  // Hashing is a function of its input: the one thing of Node that pure code may use.
  { folder: "shared/domain", may: [domain, /^node:crypto$/, /^zod\/mini$/, /^zod\/v4\/core$/] },
  { folder: "shared/messages", may: [messages, domain] },
  {
    folder: "shared/pipeline",
    may: [/^shared\/pipeline\//, domain, messages, /^node:crypto$/],
    types: [/^shared\/connectors\/(connector|vendor-client)\.ts$/],
  },
  // The template is the folder of a vendor that nobody has.
  ...[...vendors.map(({ id }) => id), "template"].map((vendor) => ({
    folder: `shared/connectors/${vendor}`,
    may: [new RegExp(`^shared/connectors/${vendor}/`), kit, domain, node],
  })),
  {
    folder: "shared/connectors",
    may: [kit, domain, messages, node],
    types: [ports],
    // The registry is the one line per vendor; vendor folders have rooms of their own.
    except: (path) => /^shared\/connectors\/(registry\.ts|[^/]+\/)/.test(path),
  },
  // What budget and tokens need of a store is stated beside them.
  {
    folder: "shared/store",
    may: [/^shared\/store\//, domain, messages, aws, /^@smithy\/signature-v4$/, node],
    types: [ports, /^shared\/connectors\/(budget|tokens)\.ts$/],
  },
  // What operate answers and how people read it: the terminal and the page take it, so it runs in a browser too.
  { folder: "shared/replies", may: [/^shared\/replies\//, domain] },
  {
    folder: "shared/runtime",
    may: [/^shared\/runtime\//, domain, messages, aws, node, /^@middy\//, /^@smithy\//],
    types: [/^shared\//, /^aws-lambda$/],
  },
  {
    folder: "infra",
    may: [
      /^infra\//,
      /^functions\/[^/]+\/env\.ts$/,
      /^functions\/(operate\/routes|call-vendor\/route)\.ts$/,
      /^shared\/store\/table\.ts$/,
      /^shared\/connectors\/vendors\.ts$/,
      zodDoor,
      node,
      /^(aws-cdk-lib|constructs|cdk-nag|esbuild)(\/|$)/,
    ],
  },
  // A simulator written from the connector proves nothing, so it takes nothing of ours.
  { folder: "local/vendors", may: [/^local\/vendors\//, node, /^zod\/mini$/] },
  { folder: "local/launch", may: [/^local\/launch\//, node] },
  { folder: "local/aws", may: [/^local\/aws\//, /^shared\//, node, aws, /^(fauxqs|aws-cron-parser|aws-lambda-ric)/] },
  // What people and vendors do in the demo is told without the product; only what goes on after a restart asks it to read.
  {
    folder: "local/demo",
    may: [/^local\/demo\//, zodDoor, node],
    types: [/^shared\//, /^local\/aws\/stack\.ts$/],
    except: (path) => path === "local/demo/resume.ts" || path === "local/demo/bookkeeper.ts",
  },
  // The bookkeeper reads what the API answers as the terminal does, in the same words.
  {
    folder: "local/demo",
    may: [/^local\/demo\//, /^shared\/replies\//, zodDoor, node],
    except: (path) => path !== "local/demo/bookkeeper.ts",
  },
  // It measures: what it times or counts is taken as it is, and worlds are made where tests make them.
  { folder: "bench", may: [/^bench\//, /^shared\//, /^local\/vendors\//, /^test\/(scale|support)\//, node] },
  // Held to the vendors' documents, like the simulators themselves.
  { folder: "test/simulators", may: [/^test\/simulators\//, /^local\/vendors\//, node, testTools] },
  { folder: "cli", may: [/^cli\//, /^shared\//, node, aws] },
  { folder: "console", may: [/^console\//, /^shared\//] },
];

const refusedBy = ({ may, types = [] }: Room, { target, typeOnly }: Import): boolean =>
  !may.some((allowed) => allowed.test(target)) && !(typeOnly && types.some((allowed) => allowed.test(target)));

const lines = (files: readonly Source[], refused: (taken: Import, file: Source) => boolean): string[] =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((taken) => refused(taken, file))
      .map(({ target, typeOnly }) => `${file.path} takes ${target}${typeOnly ? " (types)" : ""}`),
  );

describe("a folder imports only what the design lets it", () => {
  test.each(rooms)("$folder", (room) => {
    const files = codeIn(room.folder).filter(({ path }) => !room.except?.(path));
    expect(lines(files, (taken) => refusedBy(room, taken))).toEqual([]);
  });

  test("a function takes shared/ and its own folder, never another function or infra", () => {
    const refused = lines(codeIn("functions"), ({ target }, { path }) => {
      const own = path.split("/").slice(0, 2).join("/");
      return !target.startsWith(`${own}/`) && !/^(shared\/|node:|@middy\/|@aws-sdk\/|aws-lambda$)/.test(target);
    });
    expect(refused).toEqual([]);
  });

  test("what starts the local stack takes no function and no infrastructure: it runs what was synthesised", () => {
    const files = codeIn("local").filter(({ path }) => path.split("/").length === 2);
    expect(files.length).toBeGreaterThan(0);
    const may = /^(local|cli|shared)\/|^console\/headers\.ts$|^node:|^esbuild$/;
    expect(lines(files, ({ target }) => !may.test(target))).toEqual([]);
  });

  test("nothing that is not a test takes a test or its tools, but the bench, which measures their worlds", () => {
    const files = codeIn("shared", "functions", "infra", "cli", "console", "local");
    expect(lines(files, ({ target }) => target.startsWith("test/") || testTools.test(target))).toEqual([]);
  });

  test("what all tests share takes nothing of one kind of them", () => {
    expect(
      lines(codeIn("test/support"), ({ target }) => /^test\/(?!support\/|simulators\/support\.ts$)/.test(target)),
    ).toEqual([]);
  });

  test("only a function's deps.ts takes the AWS SDK", () => {
    const files = codeIn("functions").filter(({ path }) => !path.endsWith("/deps.ts"));
    expect(lines(files, ({ target, typeOnly }) => aws.test(target) && !typeOnly)).toEqual([]);
  });

  test("zod comes through one module and no other", () => {
    const files = codeIn("shared", "functions", "infra", "cli", "console", "local", "bench").filter(
      ({ path }) => !path.startsWith("local/vendors/"),
    );
    expect(lines(files, ({ target }, { path }) => /^zod(\/|$)/.test(target) && !zodDoor.test(path))).toEqual([]);
  });

  test("zod is taken as a namespace: taken as a name, none of its 440 KiB could be left out of a bundle", () => {
    const byName = /^\s*(import|export)\b[^;]*\{[^}]*\bz\b[^}]*\}\s*from\s*"(#shared\/domain\/schema\.ts|zod)/m;
    const files = codeIn("shared", "functions", "infra", "cli", "local/aws", "local/demo", "bench", "test");
    expect(files.filter(({ text }) => byName.test(withoutComments(text))).map(({ path }) => path)).toEqual([]);
  });

  test("our own files are named with # or from their own folder, never by ../..", () => {
    const files = codeIn("shared", "functions", "infra", "cli", "console", "local", "bench", "test");
    expect(files.filter(({ text }) => /from\s*["']\.\.\/\.\.\//.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
