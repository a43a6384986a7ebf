import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { plumbline } from "#cli/plumbline.ts";
import { operations } from "#shared/connectors/registry.ts";
import * as z from "#shared/domain/schema.ts";

/** `plumbline call` and `operations` over an API of canned replies; what it was asked stands in `asked`. */
let server: Server;
let asked: { readonly method: string; readonly path: string; readonly body: unknown }[];
let replies: { readonly status: number; readonly json: object }[];
let url: string;

beforeEach(async () => {
  [asked, replies] = [[], []];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const path = (request.url ?? "").split("/").slice(3).join("/");
      asked.push({ method: request.method ?? "", path, body: text === "" ? undefined : JSON.parse(text) });
      const { status, json } = replies.shift() ?? { status: 500, json: { error: "nobody expected this" } };
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const token = `e30.${Buffer.from(JSON.stringify({ company: "ridgeline" })).toString("base64url")}.x`;
/** What stands on standing input; null where a person sits before it. */
let typed: string | null = null;
const run = (...words: string[]) => plumbline([...words, "--api", url, "--token", token], async () => typed);
const call = (...words: string[]) => run("call", ...words);
const branch = ["--connection", "branch"];
const receipt = {
  ...{ outcome: "applied", at: "2026-11-02T08:00:05Z", sentAt: "2026-11-02T08:00:00Z", before: "[]", after: '["j1"]' },
  ...{ wanted: "POST /jobs {}", requestId: "r-1", flags: [], note: "the vendor answered; the read shows it" },
};

describe("a command line that does not fit is one line, exit code 2, and asks nobody", () => {
  test.each([
    ["no vendor", ["unwritten", "getJob", ...branch], "no vendor unwritten; there are servicetitan, rotor"],
    ["no operation", ["customtrades", "mergeJobs", ...branch], "has no operation mergeJobs"],
    ["an operation nearly written", ["customtrades", "job", ...branch], "there are listJobs, getJob, createJob"],
    ["no connection named", ["customtrades", "getJob"], "--connection is missing"],
    ["no JSON", ["customtrades", "getJob", ...branch, "--input", "{"], "--input is not JSON"],
    ["a missing input", ["customtrades", "getJob", ...branch], "getJob: uuid: expected a text, it is missing"],
    ["a mistyped input", ["customtrades", "getJob", ...branch, "--input", '{"uuid":1}'], "uuid: expected a text"],
    ["an extra input", ["customtrades", "getJob", ...branch, "--input", '{"uuid":"j1","x":1}'], "not an input here: x"],
    [
      "a password",
      ["servicetitan", "createTechnician", ...branch, "--input", '{"password":"hunter2"}'],
      "input.password: left out: what stands in the input is stored, and password never is",
    ],
    [
      "a raw write without its effect",
      ["servicetitan", "rawRequest", ...branch, "--input", '{"method":"POST","urlType":"jpm","url":"/jobs"}'],
      "rawRequest only reads unless its effect is named",
    ],
  ])("%s", async (_name, words, says) => {
    const { out, err, code } = await call(...words);
    expect([out, code]).toEqual(["", 2]);
    expect(err.split("\n")[0]).toContain(says);
    expect(err).not.toContain("hunter2");
    expect(asked).toEqual([]);
  });

  test("a connection that is none is told by the API, as one line too", async () => {
    replies = [{ status: 400, json: { error: "no connection depot; there are branch" } }];
    const { err, code } = await call("customtrades", "getJob", "--connection", "depot", "--input", '{"uuid":"j1"}');
    expect([err.split("\n")[0], code]).toEqual(["plumbline call: no connection depot; there are branch", 2]);
  });
});

describe("a password or a signature comes from standard input", () => {
  const technician = {
    ...{ name: "Rosa", accountCreationMethod: "AssignLoginAndPassword", roleId: 1, positions: ["Service"] },
    licenseType: "ManagedTech",
  };
  const words = ["servicetitan", "createTechnician", ...branch, "--input", JSON.stringify(technician)];

  test.each([
    ["on the command line", ["--secrets", '{"password":"hunter2"}'], "{}", "--secrets: expected - alone"],
    ["from a keyboard", ["--secrets", "-"], null, "would echo what is typed"],
    ["no JSON", ["--secrets", "-"], "hunter2", "standard input is not JSON"],
    ["no texts", ["--secrets", "-"], '{"password":{"hunter2":1}}', "not so: password"],
    ["a place the input has not", ["--secrets", "-"], '{"items.0.signature":"hunter2"}', "has no place items.0"],
    ["a member that is no secret", ["--secrets", "-"], '{"memo":"hunter2"}', "memo is no secret of this vendor"],
    ["an operation without it", ["--secrets", "-"], '{"signature":"hunter2"}', "not an input here: signature"],
  ])("%s it is refused in one line that does not repeat it", async (_name, more, stdin, says) => {
    typed = stdin;
    const { out, err, code } = await call(...words, ...more);
    expect([out, code]).toEqual(["", 2]);
    expect(err.split("\n")[0]).toContain(says);
    expect(err).not.toContain("hunter2");
    expect(asked).toEqual([]);
  });

  test("it goes in a member of its own, and what the vendor said of a refusal is told", async () => {
    typed = '{"password":"hunter2"}';
    const refused = { ...receipt, outcome: "rejected", note: "answered with 400; its words are not kept" };
    const json = { intent: "c1", stopped: null, standing: "done", receipt: refused, said: "too short: [redacted]" };
    replies = [{ status: 200, json }];
    const { out, code } = await call(...words, "--secrets", "-");
    expect([code, out]).toEqual([1, expect.stringContaining("the vendor said: too short: [redacted]")]);
    expect(asked[0]?.body).toMatchObject({ input: technician, secrets: { password: "hunter2" } });
    expect(JSON.stringify(Object(asked[0]?.body).input)).not.toContain("hunter2");
  });

  test("it is given again where the call waited, by the intent's name", async () => {
    typed = '{"password":"hunter2"}';
    const waits = { intent: "c1", stopped: null, withheld: true, standing: "waits for approval" };
    const held = { intent: "c1", stopped: "month end", withheld: true, standing: "waits for its secrets" };
    replies = [waits, held, { intent: "c1", standing: "done", receipt }].map((json) => ({ status: 200, json }));
    const again = "plumbline call --send c1 --connection branch --secrets -";
    expect((await call(...words, "--secrets", "-")).out).toMatch(new RegExp(`approve c1[^]*${again}`));
    expect(await call(...words, "--secrets", "-")).toMatchObject({ code: 1, out: expect.stringContaining(again) });
    expect((await call("--send", "c1", ...branch, "--secrets", "-")).out).toContain("applied");
    expect(asked[2]?.body).toEqual({ connection: "branch", send: "c1", secrets: { password: "hunter2" } });
    expect((await call("--send", "c1", ...branch)).err).toContain("--secrets is missing");
  });
});

describe("what is called", () => {
  test("a read prints its reply, as JSON with --json", async () => {
    const json = { operation: "getJob", writes: false, value: { uuid: "j1" } };
    replies = [
      { status: 200, json },
      { status: 200, json },
    ];
    const words = ["customtrades", "getJob", ...branch, "--input", '{"uuid":"j1"}'];
    expect(await call(...words)).toMatchObject({ code: 0, out: '{\n  "uuid": "j1"\n}\n' });
    expect(JSON.parse((await call(...words, "--json")).out)).toEqual(json);
    expect(asked[0]).toMatchObject({
      ...{ method: "POST", path: "call" },
      body: { vendor: "customtrades", connection: "branch", operation: "getJob", input: { uuid: "j1" } },
    });
  });

  test("a write is followed to its receipt; each asking has a name of its own", async () => {
    const way = { intent: "c1", stopped: null, standing: "on its way" };
    const done = { intent: "c1", standing: "done", receipt };
    replies = [way, done, way, { ...done, receipt: { ...receipt, outcome: "unresolved" } }].map((json) => ({
      status: 200,
      json,
    }));
    const words = ["customtrades", "createJob", ...branch, "--input", '{"customer_uuid":"cu1","title":"Boiler"}'];
    const { out, code } = await call(...words);
    expect(code).toBe(0);
    for (const word of ["applied", "POST /jobs {}", "[]", '["j1"]', "r-1", "the read shows it"])
      expect(out).toContain(word);
    expect((await call(...words)).code).toBe(1);
    const names = asked.flatMap(({ method, body }) => (method === "POST" ? [Object(body).asking] : []));
    expect(new Set(names).size).toBe(2);
    expect(asked[1]?.path).toBe("call?connection=branch&intent=c1");
  });

  test("one that waits for a person or for the switch says so and ends", async () => {
    replies = [
      { status: 200, json: { intent: "c1", stopped: null, standing: "waits for approval" } },
      { status: 200, json: { intent: "c2", stopped: "month end", standing: "on its way" } },
    ];
    const words = ["customtrades", "updateJob", ...branch, "--input", '{"uuid":"j1","title":"x"}'];
    expect((await call(...words)).out).toContain("plumbline approve c1");
    expect((await call(...words)).out).toContain("c2 waits: writes are stopped (month end)");
    expect(asked).toHaveLength(2);
  });

  test("a dry run prints the request and what would become of it", async () => {
    const request = { method: "PUT", path: "/jobs/j1", json: { title: "x" } };
    replies = [
      { status: 200, json: { request, would: "be sent once", money: false, notifies: "unknown", happened: "getJob" } },
    ];
    const words = ["customtrades", "updateJob", ...branch, "--input", '{"uuid":"j1","title":"x"}', "--dry-run"];
    const { out } = await call(...words);
    expect(out).toContain('PUT /jobs/j1\n  body {"title":"x"}');
    expect(out).toContain("It would be sent once. Nothing was sent.");
    expect(asked[0]?.body).toMatchObject({ dryRun: true });
  });
});

test("operations lists every row of every vendor with its input as JSON Schema, and one vendor's alone", async () => {
  const rows = z.object({
    operations: z.array(
      z.looseObject({ vendor: z.string(), key: z.string(), source: z.string(), input: z.looseObject({}) }),
    ),
  });
  const all = z.parse(rows, JSON.parse((await plumbline(["operations", "--json"])).out)).operations;
  expect(all).toHaveLength(Object.values(operations).flat().length);
  expect(all.find(({ key }) => key === "createPayment")).toMatchObject({
    writes: true,
    input: { type: "object", additionalProperties: false },
  });
  const one = z.parse(
    rows,
    JSON.parse((await plumbline(["operations", "--vendor", "rotor", "--json"])).out),
  ).operations;
  expect(new Set(one.map(({ vendor }) => vendor))).toEqual(new Set(["rotor"]));
  expect(await plumbline(["operations", "--vendor", "unwritten"])).toMatchObject({ code: 2 });
  expect(all.find(({ key }) => key === "createTechnician")).toMatchObject({ secrets: ["password"] });
  expect((await plumbline(["operations", "servicetitan"])).out).toMatch(/createTechnician .* writes +password /);
});

test("operations says of each write whether it moves money, and with which inputs alone", async () => {
  const words = ["operations", "customtrades", "--writes"];
  const { operations: rows } = z.parse(
    z.object({ operations: z.array(z.looseObject({ key: z.string() })) }),
    JSON.parse((await plumbline([...words, "--json"])).out),
  );
  const of = (key: string) => rows.find((row) => row.key === key);
  expect(of("updateJob")).toMatchObject({ money: false, moneyInputs: ["actual_amount"] });
  expect(of("deleteJob")).toMatchObject({ money: true, moneyInputs: [] });
  expect(of("createJob")).toMatchObject({ money: false, moneyInputs: [] });
  const { out } = await plumbline(words);
  for (const key of ["updateJob", "deleteJob"]) expect(out).toMatch(new RegExp(`${key} .* writes money `));
  for (const key of ["createJob", "updateCustomer"]) expect(out).toMatch(new RegExp(`${key} .* writes +[^m]`));
});
