import { beforeAll, expect, test } from "vitest";
import { envSchema as callVendor } from "#functions/call-vendor/env.ts";
import { envSchema as dispatchDue } from "#functions/dispatch-due/env.ts";
import { envSchema as operate } from "#functions/operate/env.ts";
import { envSchema as pollVendor } from "#functions/poll-vendor/env.ts";
import { envSchema as receiveWebhook } from "#functions/receive-webhook/env.ts";
import { envSchema as reconcileJob } from "#functions/reconcile-job/env.ts";
import { envSchema as sweepDrift } from "#functions/sweep-drift/env.ts";
import { envSchema as writeBack } from "#functions/write-back/env.ts";
import { vendors } from "#shared/connectors/vendors.ts";
import * as z from "#shared/domain/schema.ts";
import { codeIn, withoutComments } from "#test/support/sources.ts";
import { part, type Resource, synthesisedResources } from "#test/support/synthesised-cell.ts";

const schemas = {
  "call-vendor": callVendor,
  "dispatch-due": dispatchDue,
  operate,
  "poll-vendor": pollVendor,
  "receive-webhook": receiveWebhook,
  "reconcile-job": reconcileJob,
  "sweep-drift": sweepDrift,
  "write-back": writeBack,
} as const;
const onOneMachine = "PLUMBLINE_CLOCK_URL";

let functions: readonly Resource[] = [];
beforeAll(() => {
  functions = synthesisedResources().filter(({ Type }) => Type === "AWS::Lambda::Function");
});

const ofFolder = (folder: string): readonly Resource[] =>
  functions.filter(({ Properties }) => String(Properties["FunctionName"]).startsWith(`plumbline-main-${folder}`));

const variablesOf = ({ Properties }: Resource): Record<string, unknown> =>
  z.parse(z.record(z.string(), z.unknown()), part(Properties, "Environment", "Variables"));

/** A value as it would be once deployed: a reference becomes its logical id, a join the joined text. */
function resolved(value: unknown): string {
  if (typeof value === "string") return value;
  const { "Fn::Join": join, Ref, "Fn::ImportValue": imported } = z.parse(reference, value);
  return join ? join[1].map(resolved).join(join[0]) : String(Ref ?? imported);
}

const reference = z.object({
  Ref: z.optional(z.string()),
  "Fn::ImportValue": z.optional(z.string()),
  "Fn::Join": z.optional(z.tuple([z.string(), z.array(z.unknown())])),
});

test.each(Object.keys(schemas))("%s gets the variables of its own schema, no more and no fewer", (folder) => {
  const schema = Object.entries(schemas).find(([name]) => name === folder)?.[1];
  const wanted = Object.keys(schema?.shape ?? {}).filter((name) => name !== onOneMachine);
  expect(ofFolder(folder).length).toBeGreaterThan(0);
  for (const made of ofFolder(folder)) expect(Object.keys(variablesOf(made)).sort()).toEqual(wanted.sort());
});

test.each(Object.entries(schemas))("%s reads every variable it is given", (folder, schema) => {
  const code = codeIn(`functions/${folder}`)
    .map(({ text }) => withoutComments(text))
    .join("\n");
  const wanted = Object.keys(schema.shape).filter((name) => name !== onOneMachine);
  expect(wanted.filter((name) => !code.includes(`env.${name}`))).toEqual([]);
});

test.each(Object.entries(schemas))("what the template gives %s passes the schema it is read with", (folder, schema) => {
  for (const made of ofFolder(folder)) {
    const environment = Object.fromEntries(
      Object.entries(variablesOf(made)).map(([name, value]) => [name, resolved(value)]),
    );
    expect(z.safeParse(schema, environment)).toMatchObject({ success: true });
  }
});

test("queues by vendor name every vendor once, each its own queue", () => {
  const [made] = ofFolder("dispatch-due");
  const hints = z.parse(dispatchDue.shape.HINT_QUEUES, resolved(variablesOf(made!)["HINT_QUEUES"]));
  expect(Object.keys(hints)).toEqual(vendors.map(({ id }) => id));
  expect(new Set(Object.values(hints)).size).toBe(vendors.length);
});

test("a poller and a writer know their vendor, and their queues are that vendor's", () => {
  for (const { id } of vendors) {
    const [poller] = ofFolder(`poll-vendor-${id}`);
    const [writer] = ofFolder(`write-back-${id}`);
    expect(variablesOf(poller!)).toMatchObject({ VENDOR: id });
    expect(resolved(variablesOf(poller!)["HINT_QUEUE_URL"])).toContain(`Hints${id}`);
    expect(resolved(variablesOf(writer!)["OUTBOUND_QUEUE_URL"])).toContain(`Outbound${id}`);
  }
});
