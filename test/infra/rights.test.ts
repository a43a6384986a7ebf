import { beforeAll, expect, test } from "vitest";
import { vendors } from "#shared/connectors/vendors.ts";
import * as z from "#shared/domain/schema.ts";
import { codeIn, importsOf, type Source, withoutComments } from "#test/support/sources.ts";
import { part, type Resource, synthesisedResources } from "#test/support/synthesised-cell.ts";

const reads = "read the table";
const writes = "write the table";
const getsBack = ["get from the archive", "get from the archive, and see what it lacks"];
const all = (kind: string): readonly string[] => vendors.map(({ id }) => `${kind}-${id}`);
const send = (...queues: readonly string[]): readonly string[] => queues.map((queue) => `send to ${queue}`);

/** Everything each function may do. A right that is not here is not given; a right that is here is used. */
const expected: Readonly<Record<string, readonly string[]>> = {
  "receive-webhook": [reads, "read secrets", ...send(...all("hints"))],
  ...Object.fromEntries(
    vendors.map(({ id }) => [
      `poll-vendor-${id}`,
      [
        writes,
        "put into the archive",
        "read secrets",
        `consume hints-${id}`,
        ...send(`hints-${id}`, "inbound", "backfill"),
      ],
    ]),
  ),
  "reconcile-job": [
    writes,
    "put into the archive",
    ...getsBack,
    "consume inbound",
    "consume backfill",
    ...send(...all("hints"), ...all("outbound"), "inbound"),
  ],
  ...Object.fromEntries(
    vendors.map(({ id }) => [
      `write-back-${id}`,
      [
        writes,
        "put into the archive",
        ...getsBack,
        "read secrets",
        `consume outbound-${id}`,
        ...send(`outbound-${id}`, "inbound"),
      ],
    ]),
  ),
  "sweep-drift": [
    writes,
    "query the index list",
    "put into the archive",
    "read secrets",
    "consume sweep",
    ...send(...all("hints"), "inbound"),
  ],
  "dispatch-due": [writes, "query the index due", ...send(...all("hints"), ...all("outbound"), "inbound", "sweep")],
  operate: [
    writes,
    "query the index list",
    "query the index due",
    ...getsBack,
    ...send(...all("hints"), ...all("outbound"), "inbound"),
  ],
  "call-vendor": [writes, "put into the archive", ...getsBack, "read secrets", ...send(...all("outbound"))],
};

const one = <Item extends z.ZodMiniType>(item: Item) =>
  z.pipe(
    z.union([item, z.array(item)]),
    z.transform((value): z.infer<Item>[] => [value].flat() as z.infer<Item>[]),
  );
const statementSchema = z.object({
  Effect: z.literal("Allow"),
  Action: one(z.string()),
  Resource: one(z.unknown()),
  Condition: z.optional(z.unknown()),
});

const deed: Readonly<Record<string, string>> = {
  "dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query": reads,
  "dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem":
    writes,
  "dynamodb:Query": "query the index",
  "s3:PutObject": "put into the archive",
  "s3:GetObject s3:ListBucket": "get from the archive",
  "secretsmanager:GetSecretValue": "read secrets",
  "sqs:SendMessage": "send to",
  "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage": "consume",
  "logs:CreateLogStream logs:PutLogEvents": "log",
};

let resources: readonly Resource[] = [];
beforeAll(() => {
  resources = synthesisedResources();
});

/** What a statement's resource is, in the words of the table above; throws on one it does not know. */
function place(resource: unknown): string {
  const text = JSON.stringify(resource);
  if (/ExportsOutputFnGetAttTable\w+"\}$/.test(text)) return "";
  const index = /ExportsOutputFnGetAttTable\w+"\},"\/index\/(\w+)"\]/.exec(text)?.[1];
  if (index !== undefined) return ` ${index}`;
  if (/ExportsOutputFnGetAttArchive\w+"\},"\/\*"\]/.test(text)) return "";
  if (/ExportsOutputFnGetAttArchive\w+"\}$/.test(text)) return ", and see what it lacks";
  if (text.includes(":secret:plumbline/*")) return "";
  const queue = resources.find(
    ({ Type, id }) => Type === "AWS::SQS::Queue" && (text.includes(`"${id}"`) || text.includes(`Att${id}Arn`)),
  );
  if (queue !== undefined) return ` ${String(queue.Properties["QueueName"]).replace("plumbline-main-", "")}`;
  if (/"Fn::GetAtt":\["\w+Log\w{8}","Arn"\]/.test(text)) return "";
  throw new Error(`a right on something unknown: ${text}`);
}

function rightsOf(made: Resource): readonly string[] {
  const role = JSON.stringify(part(made.Properties, "Role"));
  const policies = resources.filter(
    ({ Type, Properties }) =>
      Type === "AWS::IAM::Policy" &&
      z.parse(z.array(z.object({ Ref: z.string() })), Properties["Roles"]).some(({ Ref }) => role.includes(`"${Ref}"`)),
  );
  return policies
    .flatMap(({ Properties }) => z.parse(z.array(statementSchema), part(Properties, "PolicyDocument", "Statement")))
    .flatMap(({ Action, Resource: on }) => {
      const verb = deed[Action.sort().join(" ")] ?? Action.join(" ");
      return on.map((resource) => `${verb}${place(resource)}`);
    })
    .filter((right) => right !== "log");
}

test.each(Object.keys(expected))("%s may do exactly what it needs", (name) => {
  const made = resources.find(
    ({ Type, Properties }) =>
      Type === "AWS::Lambda::Function" && Properties["FunctionName"] === `plumbline-main-${name}`,
  );
  expect(rightsOf(made!).toSorted()).toEqual(expected[name]?.toSorted());
});

/** The adapters that a function's deps.ts makes, each with the rights that only it has a use for. */
const adapters: readonly { readonly made: RegExp; readonly rights: RegExp }[] = [
  { made: /\bs3Archive\(/, rights: /archive/ },
  { made: /\bsecretsManager\(/, rights: /secrets/ },
  { made: /\bsqsQueues\(/, rights: /^send to/ },
  { made: /\bdynamoClient\(/, rights: /table/ },
  { made: /\bhints: /, rights: /^send to hints-/ },
  { made: /\boutbound: /, rights: /^send to outbound-/ },
  { made: /\binbound: /, rights: /^send to inbound/ },
  { made: /\bbackfill: /, rights: /^send to backfill/ },
  { made: /\bsweeps: /, rights: /^send to sweep/ },
];

test.each(Object.keys(expected))(
  "%s makes an adapter for each of its rights, and holds a right for each adapter",
  (name) => {
    const deps = codeIn("functions").find(({ path }) => name.startsWith(path.replace(/^functions\/|\/deps\.ts$/g, "")));
    const code = withoutComments(deps?.text ?? "");
    for (const { made, rights } of adapters) {
      const held = expected[name]?.filter((right) => rights.test(right)) ?? [];
      expect({ adapter: made.source, right: held.length > 0 }).toEqual({
        adapter: made.source,
        right: made.test(code),
      });
    }
  },
);

/** The files that a file takes anything but types from, whole way down. */
function reached(from: string, files: ReadonlyMap<string, Source>, seen = new Set<string>()): ReadonlySet<string> {
  const file = files.get(from);
  if (!file || seen.has(from)) return seen;
  seen.add(from);
  for (const { target, typeOnly } of importsOf(file)) if (!typeOnly) reached(target, files, seen);
  return seen;
}

test.each(Object.keys(expected))("%s may get from the archive if a stage of it does", (name) => {
  const files = new Map(codeIn("functions", "shared").map((file) => [file.path, file]));
  const handler = [...files.keys()].find((path) => name.startsWith(path.replace(/^functions\/|\/handler\.ts$/g, "")));
  const gets = [...reached(handler ?? "", files)].filter(
    (path) => path.startsWith("shared/pipeline/") && files.get(path)?.text.includes("archive.get("),
  );
  expect(gets.length > 0).toBe(expected[name]?.includes("get from the archive"));
});

test("every function stands in this table", () => {
  const functions = resources.filter(({ Type }) => Type === "AWS::Lambda::Function");
  expect(functions.length).toBe(Object.keys(expected).length);
});

test("no role carries a policy of somebody else's making", () => {
  for (const { Type, Properties } of resources) {
    if (Type === "AWS::IAM::Role") expect(Properties["ManagedPolicyArns"]).toBeUndefined();
  }
});
