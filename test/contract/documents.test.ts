import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { classifyCommon } from "#shared/connectors/classify.ts";
import type { Answer, Connector, OperationRow } from "#shared/connectors/connector.ts";
import { customtrades, connector as customtradesConnector } from "#shared/connectors/customtrades/index.ts";
import { jobSchema as customtradesJob } from "#shared/connectors/customtrades/schemas.ts";
import { rotor, connector as rotorConnector } from "#shared/connectors/rotor/index.ts";
import { listSchema, jobSchema as rotorJob } from "#shared/connectors/rotor/schemas.ts";
import * as z from "#shared/domain/schema.ts";
import { clientFor, connectionFor, noon } from "./support.ts";

/** The facts of the vendors' documents, as the fixtures record them: none may be without a place in the code or a reason. */
const fixture = (path: string): string => readFileSync(new URL(`../fixtures/${path}`, import.meta.url), "utf8");

function inputsOf(
  rows: readonly OperationRow[],
  key: string,
): { row: OperationRow; names: string[]; required: string[] } {
  const row = rows.find((one) => one.key === key);
  const schema = z.toJSONSchema(row?.input ?? z.never(), { unrepresentable: "any" });
  if (!row) throw new Error(`no operation ${key}`);
  return { row, names: Object.keys(schema.properties ?? {}).sort(), required: schema.required ?? [] };
}

function kindOf(connector: Connector, status: number, body: string, writes: boolean): string | undefined {
  const headers = { "content-type": "application/json", "x-usage-count": "1", "x-usage-limit": "50000" };
  const answer: Answer = { operation: "x", status, headers, body, writes, now: noon };
  return (connector.http.classify(answer) ?? classifyCommon(answer))?.kind;
}

describe("Rotor's document", () => {
  const facts = z
    .record(
      z.string(),
      z.strictObject({
        ...{ operation: z.string(), method: z.string(), path: z.string(), inputs: z.array(z.string()) },
        ...{ header: z.tuple([z.string(), z.string()]), response: z.array(z.string()), envelope: z.array(z.string()) },
        ...{ errors: z.record(z.string(), z.string()), unused: z.record(z.string(), z.string()) },
      }),
    )
    .parse(JSON.parse(fixture("rotor/facts.json")));

  test.each(Object.entries(facts))("%s", async (_page, fact) => {
    const { row, names } = inputsOf(rotor.operations, fact.operation);
    expect([row.method, row.path, names]).toEqual([fact.method, fact.path, fact.inputs]);
    expect(Object.keys(rotorJob.shape)).toEqual(fact.response);
    expect(Object.keys(listSchema.shape)).toEqual(fact.envelope);
    const client = clientFor(rotorConnector, {
      connection: connectionFor("rotor", "http://localhost"),
      secret: { apiKey: "k" },
    });
    const headers = await rotorConnector.http.authorise(client, { token: async () => "", forget: () => false });
    expect(headers[fact.header[0]]).toBe(fact.header[1]);
    for (const [name, kind] of Object.entries(fact.errors)) {
      expect(kindOf(rotorConnector, 500, fixture(`rotor/${name}.json`), false), name).toBe(kind);
    }
  });
});

describe("Custom Trades CRM's document", () => {
  const names = z.array(z.string());
  const reasons = z.record(z.string(), z.string());
  const facts = z
    .strictObject({
      ...{ base: z.string(), attributes: names, statuses: names, priorities: names, listInputs: names },
      ...{ createInputs: names, createRequired: names, serverOwn: reasons, unread: reasons },
      errors: z.record(z.string(), z.tuple([z.string(), z.string()])),
    })
    .parse(JSON.parse(fixture("customtrades/facts.json")));

  test("every status is a word of the vocabulary, and no other", () => {
    const words = customtradesConnector.vocabulary.statusWords.map((row) => row.word);
    expect(words.toSorted()).toEqual(facts.statuses.toSorted());
  });

  test("every attribute is read, or there is a reason", () => {
    const read = Object.keys(customtradesJob.shape);
    const unread = facts.attributes.filter((name) => !read.includes(name) && !(name in facts.unread));
    expect(unread).toEqual([]);
  });

  test("every input of list, create and update is an input of the operation; what the server makes is refused", () => {
    expect(inputsOf(customtrades.operations, "listJobs").names).toEqual(facts.listInputs.toSorted());
    const create = inputsOf(customtrades.operations, "createJob");
    expect(facts.createInputs.filter((name) => !create.names.includes(name))).toEqual([]);
    expect(create.required.toSorted()).toEqual(facts.createRequired);
    const update = inputsOf(customtrades.operations, "updateJob");
    const writable = facts.attributes.filter((name) => !(name in facts.serverOwn));
    expect(update.names).toEqual([...writable, "uuid"].sort());
  });

  test("the document's own request bodies are accepted", () => {
    for (const [key, name, more] of [
      ["createJob", "create-a-job", {}],
      ["updateJob", "update-a-job", { uuid: "j1" }],
    ] as const) {
      const { row } = inputsOf(customtrades.operations, key);
      const body: unknown = JSON.parse(fixture(`customtrades/${name}.json`));
      expect(z.safeParse(row.input ?? z.never(), { ...z.looseObject({}).parse(body), ...more }).success, key).toBe(
        true,
      );
    }
  });

  test("the five verbs stand at the documented paths, an update is a PUT", () => {
    const jobs = customtrades.operations.filter((row) => /Jobs?$/.test(row.key));
    expect(jobs.map((row) => `${row.method} ${row.path}`)).toEqual([
      ...["GET /jobs", "GET /jobs/{uuid}", "POST /jobs", "PUT /jobs/{uuid}", "DELETE /jobs/{uuid}"],
    ]);
  });

  test.each(Object.entries(facts.errors))("%s", (status, [read, write]) => {
    const body = '{"success":false,"error":"because"}';
    expect(kindOf(customtradesConnector, Number(status), body, false)).toBe(read);
    expect(kindOf(customtradesConnector, Number(status), body, true)).toBe(write);
  });

  test("the document's list and job are read", () => {
    const job: unknown = JSON.parse(fixture("customtrades/the-job-object.json"));
    const context = { connection: connectionFor("customtrades", facts.base), zone: "America/Denver" };
    expect(customtradesConnector.normalise("jobs", job, context)).not.toHaveProperty("unfit");
    const { row } = inputsOf(customtrades.operations, "listJobs");
    expect(row.repeatable).toBe(true);
  });
});
