import { beforeEach, describe, expect, test } from "vitest";
import { callVendor } from "#functions/call-vendor/work.ts";
import { prepare } from "#shared/connectors/prepare.ts";
import { operations } from "#shared/connectors/registry.ts";
import type { VendorClient, VendorReply, VendorRequest } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import { type CompanyConfig, companySchema } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { deskOf } from "#shared/pipeline/desk.ts";
import { writeBack } from "#shared/pipeline/write-back.ts";
import type { HttpReply } from "#shared/runtime/http-api.ts";
import { type MemoryWorld, memoryWorld } from "#test/support/memory-ports.ts";

/** Calls that carry a password or a signature, over a vendor of a few lines that repeats what it was sent. */
const canary = 'p"w 7x-never-kept';
const company: CompanyConfig = companySchema.parse({
  ...{ id: "ridgeline", name: "Ridgeline", zone: "America/Denver", currency: "USD", policy: { authority: {} } },
  connections: [
    {
      ...{ id: "office", vendor: "servicetitan", book: "receivable", baseUrl: "http://127.0.0.1:1" },
      ...{ secret: "plumbline/none", tenant: "1", authUrl: "http://127.0.0.1:1/token" },
    },
  ],
});
const rows = operations["servicetitan"] ?? [];

let world: MemoryWorld;
let sent: VendorRequest<z.ZodMiniType>[];
let answers: (request: VendorRequest<z.ZodMiniType>) => unknown;
beforeEach(async () => {
  world = memoryWorld();
  await world.cell.applyConfiguration({ cells: [], companies: [company] });
  sent = [];
  answers = ({ writes, json }) => (writes ? { id: 1, said: json } : shown());
});

/** What the vendor's lists hold: what was sent, signatures too, as a vendor may print them. */
function shown(): object {
  const made = sent.map(({ json }) => {
    const { password: _never, ...rest } = Object(json);
    return { id: 7, ...rest, items: rest.items ?? [rest] };
  });
  return { data: [{ id: 7, items: [] }, ...made].slice(made.length > 0 ? 1 : 0), hasMore: false };
}

async function request<Schema extends z.ZodMiniType>(
  asked: VendorRequest<Schema>,
): Promise<VendorReply<z.infer<Schema>>> {
  if (asked.writes) {
    sent.push(asked);
    expect((await world.company("ridgeline").jobs.load(deskOf("office"))).state.attempts).toHaveLength(1);
  }
  const value = z.parse(asked.schema, answers(asked));
  return { value, status: 200, headers: {}, requestId: "r-1" };
}

const client = async (connection: VendorClient["connection"]): Promise<VendorClient> => ({
  ...{ connection, secret: null, purpose: "person" as const, now: () => world.clock.now(), request },
});

function ports() {
  const { jobs, control, budget } = world.company("ridgeline");
  const { clock, archive, queues } = world;
  return { ...{ clock, archive, queues, jobs, control, budget, client }, controlAll: world.cell.controlAll };
}

const ask = (body: object): Promise<HttpReply> =>
  callVendor(
    {
      operationsOf: (vendor) => operations[vendor] ?? [],
      companyOf: async () => ({ company, ports: ports() }),
    },
    {
      ...{ method: "POST", path: "/companies/ridgeline/call", parameters: {}, query: {}, headers: {} },
      body: new TextEncoder().encode(JSON.stringify({ connection: "office", ...body })),
      claims: { sub: "ana@ridgeline.example", company: "ridgeline", role: "engineer" },
    },
  );
const desk = async () => (await ports().jobs.load(deskOf("office"))).state;
const decided = async (mark: object): Promise<void> => {
  const { state, version } = await ports().jobs.load(deskOf("office"));
  const intents = state.intents.map((one) => ({ ...one, ...mark }));
  await ports().jobs.commit({ state, version }, { ...state, intents }, await world.clock.now());
};
const approved = { approved: { by: "ana", at: "2026-11-22T00:00:00Z" } };
/** Everything that anything keeps, as one text. */
const kept = async (): Promise<string> =>
  JSON.stringify([await desk(), [...world.archive.objects], [...world.queues.sent.outbound.values()]]);
const parts = [canary, JSON.stringify(canary).slice(1, -1), "never-kept"];

/** Every documented operation whose input holds a password, a signature or the like, with the least that it takes. */
const line = { description: "Valve", quantity: 1 };
const technician = {
  ...{ name: "Rosa", accountCreationMethod: "AssignLoginAndPassword", roleId: 1, positions: ["Service"] },
  licenseType: "ManagedTech",
};
const raw = { method: "POST", urlType: "settings", url: "/technicians", effect: "makes a technician" };
const table = [
  ["createTechnician", technician, ["password"]],
  ["updateInvoiceItems", { invoiceId: 7, ...line }, ["signature", "technicianAcknowledgementSignature"]],
  ["createInvoices", { adjustmentToId: 7, items: [line, line] }, ["items.1.signature"]],
  ["updateInvoice", { invoiceId: 7, items: [line] }, ["items.0.technicianAcknowledgementSignature"]],
  ["rawRequest", { ...raw, data: technician }, ["data.password"]],
  ["rawRequest", { ...raw, data: { crew: [{ loginSecret: null }] } }, ["data.PassWord"]],
] as const;

/** Names of members anywhere in a JSON Schema that take a text and are named like a secret. */
function secretsIn(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([name, member]: [string, unknown]) => [
    ...(/password|secret|signature/i.test(name) && Object(member).type === "string" ? [name] : []),
    ...secretsIn(member),
  ]);
}

test("the table holds every operation that takes one, and each names its own", () => {
  const taking = Object.values(operations)
    .flat()
    .filter(
      ({ input }) => input && secretsIn(z.toJSONSchema(input, { io: "input", unrepresentable: "any" })).length > 0,
    );
  expect(taking.map(({ key }) => key).sort()).toEqual(
    [...new Set(table.map(([key]) => key))].filter((key) => key !== "rawRequest").sort(),
  );
  for (const { input, secrets } of taking) {
    const named = input ? secretsIn(z.toJSONSchema(input, { io: "input", unrepresentable: "any" })) : [];
    expect([...new Set(named)].sort()).toEqual([...(secrets ?? [])].sort());
  }
});

describe.each(table)("%s", (operation, input, paths) => {
  const secrets = Object.fromEntries(paths.map((path) => [path, canary]));

  test("sends its secrets where the operation puts them, after the attempt was stored, and keeps none", async () => {
    const first = await ask({ operation, input, secrets });
    expect(first.status).toBe(200);
    const intent = String(Object(first.json).intent);
    let reply = first;
    if (Object(first.json).standing === "waits for approval") {
      expect(await ask({ send: intent, secrets })).toMatchObject({ status: 409 });
      expect(sent).toEqual([]);
      await decided(approved);
      reply = await ask({ send: intent, secrets });
    }
    expect(reply).toMatchObject({ status: 200, json: { standing: "done", receipt: { outcome: "applied" } } });
    const row = rows.find(({ key }) => key === operation);
    const full = JSON.parse(JSON.stringify(input));
    for (const path of paths) place(full, path.split("."), canary);
    const whole = await prepare(row!, full, { connection: company.connections[0]!, rows, now: "2026-11-22T00:00:00Z" });
    expect(sent.map(({ json, secrets: hidden }) => ({ json, hidden: [...new Set(hidden)] }))).toEqual([
      { json: whole.request.json, hidden: [canary] },
    ]);
    for (const part of parts) expect((await kept()) + JSON.stringify(reply.json)).not.toContain(part);
    expect(await kept()).toContain(`(${paths.join(", ")} given when it is sent)`);
  });

  test("is refused where a secret stands in its input, told by its path alone", async () => {
    const full = JSON.parse(JSON.stringify(input));
    for (const path of paths) place(full, path.split("."), canary);
    const { status, json } = await ask({ operation, input: full });
    expect([status, JSON.stringify(json)]).toEqual([400, expect.stringContaining(`input.${paths[0]}`)]);
    expect(JSON.stringify(json) + (await kept())).not.toContain("never-kept");
    expect(sent).toEqual([]);
  });
});

function place(value: unknown, [name = "", ...rest]: readonly string[], member: unknown): void {
  if (rest.length > 0) place(Object(value)[name], rest, member);
  else Object.assign(Object(value), { [name]: member });
}

describe("a call that waits for its secrets", () => {
  const call = { operation: "createTechnician", input: technician };
  const secrets = { password: canary };

  test("is held by the switch, sent by nobody else, and goes when it is given again", async () => {
    await ports().control.stop("ana", "month end");
    const { json } = await ask({ ...call, secrets });
    expect(json).toMatchObject({ standing: "waits for its secrets", stopped: "month end", done: "stopped" });
    await ports().control.resume("ana");
    const { intent } = Object(json);
    const store = { ...world.company("ridgeline"), ...ports(), describer: () => undefined, connector: () => undefined };
    const message = { v: 1 as const, company: "ridgeline", job: deskOf("office"), intent };
    expect(await writeBack(store, company, message)).toEqual({ done: "waits" });
    expect([(await desk()).dueAt, sent.length, [...world.queues.sent.outbound.values()].flat()]).toEqual([null, 0, []]);
    expect(await ask({ send: intent })).toMatchObject({ status: 400, json: { error: "secrets: expected password" } });
    expect(await ask({ send: intent, secrets: { other: canary } })).toMatchObject({ status: 400 });
    expect(await ask({ send: "c0", secrets })).toMatchObject({ status: 404 });
    expect(await ask({ send: intent, secrets })).toMatchObject({ json: { standing: "done" } });
    expect(await ask({ send: intent, secrets })).toMatchObject({ json: { standing: "done" } });
    expect(sent).toHaveLength(1);
    expect(await kept()).not.toContain("never-kept");
  });

  test("is due for nobody when the budget is spent before it was sent", async () => {
    answers = () => {
      throw new Failure("rate-limited", "spent", { retryAt: "2026-11-23T00:00:00Z" });
    };
    expect(await ask({ ...call, secrets })).toMatchObject({
      json: { standing: "waits for its secrets", done: "later" },
    });
    expect((await desk()).dueAt).toBeNull();
  });

  test.each([
    ["refused", "rejected", "done"],
    ["unanswered", "ambiguous", "sent"],
  ] as const)(
    "%s by a vendor that repeats it, tells its caller without it and stores no word",
    async (_name, kind, standing) => {
      answers = ({ writes }) => {
        if (!writes) return { data: [], hasMore: false };
        const body = `{"errors":{"password":["${canary} is too short"]},"data":${JSON.stringify({ canary })}}`;
        throw new Failure(kind, `answered 400: ${canary}`, { status: 400, body });
      };
      const { json } = await ask({ ...call, secrets });
      expect(json).toMatchObject({ standing, said: expect.stringContaining("[redacted]") });
      for (const part of parts) expect(JSON.stringify(json) + (await kept())).not.toContain(part);
      expect(await kept()).not.toContain("too short");
    },
  );
});

describe("a secret that is no member of a JSON body cannot be sent from here", () => {
  test.each([
    ["a form", { ...raw, formData: [{ key: "password", value: canary }] }],
    ["a header", { ...raw, header: [{ key: "x-signature", value: canary }] }],
    ["a query", { ...raw, method: "GET", queryParameter: [{ key: "secret", value: canary }] }],
  ])("%s", async (_name, input) => {
    const refused = await ask({ operation: "rawRequest", input });
    expect([refused.status, JSON.stringify(refused.json)]).toEqual([
      400,
      expect.stringMatching(/input\.\w+\.0\.value/),
    ]);
    const [name, [pair]] = Object.entries(input).find(([, value]) => Array.isArray(value)) as [string, [object]];
    const without = { ...input, [name]: [{ ...pair, value: undefined }] };
    const given = await ask({ operation: "rawRequest", input: without, secrets: { [`${name}.0.value`]: canary } });
    expect([given.status, JSON.stringify(given.json)]).toEqual([400, expect.stringContaining("and nowhere else")]);
    expect(await kept()).not.toContain("never-kept");
  });
});

test("a body that is no JSON is refused without a word of it", async () => {
  const reply = await callVendor(
    { operationsOf: () => [], companyOf: async () => ({ company, ports: ports() }) },
    {
      ...{ method: "POST", path: "/companies/ridgeline/call", parameters: {}, query: {}, headers: {} },
      body: new TextEncoder().encode(`{"secrets":{"password":${canary}`),
      claims: { sub: "ana@ridgeline.example", company: "ridgeline", role: "engineer" },
    },
  );
  expect(reply.status).toBe(400);
  expect(JSON.stringify(reply.json)).not.toContain("7x");
});
