import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectorOf, connectors, normalisers, operations, webhooks } from "#shared/connectors/registry.ts";
import { vendors } from "#shared/connectors/vendors.ts";
import { canonicalJson } from "#shared/domain/ids.ts";
import { writeTargets } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { billings, works } from "#shared/domain/status.ts";
import { connectionFor } from "./support.ts";

const ids = vendors.map((vendor) => vendor.id);

describe.each(ids)("%s keeps the contract", (id) => {
  const connector = connectorOf(id);
  const context = { connection: connectionFor(id, "http://localhost"), zone: "America/Denver" };

  test("stands in the registry under its own name, with webhooks where its row says so", () => {
    expect(connector.vendor).toBe(id);
    expect(normalisers[id]).toMatchObject({
      normalise: connector.normalise,
      vocabulary: connector.vocabulary,
      writers: connector.writers,
    });
    const receives = vendors.find((vendor) => vendor.id === id)?.receivesWebhooks ?? false;
    expect([connector.webhook !== null, id in webhooks]).toEqual([receives, receives]);
  });

  test("its streams have names, a root that carries the status, and an order a poller can follow", () => {
    for (const [name, stream] of Object.entries(connector.streams)) expect(stream.name).toBe(name);
    expect(connector.streams[connector.vocabulary.rootStream]?.role).toBe("root");
    for (const stream of Object.values(connector.streams)) {
      // What cannot be read by its id can only be missed in whole lists.
      if (stream.byId === 0) expect(stream.absence).toBe("lists-only");
    }
  });

  test("every target it says the API can change has a writer, and every writer a target", () => {
    const { targets } = connector.vocabulary;
    // A call is run by its row, not by a writer.
    for (const target of writeTargets.filter((one) => one !== "call")) {
      if (targets[target] === "api") expect(connector.writers[target]?.target, target).toBe(target);
      // Empty where a person cannot do it either.
      if (targets[target] === "task") expect(connector.vocabulary.task(target, "x"), target).toBeTypeOf("string");
    }
    // With the capability it is written, without it a person is told how.
    for (const target of writeTargets.filter((one) => connector.vocabulary.withCapability?.[one] !== undefined)) {
      expect(connector.writers[target]?.target, target).toBe(target);
      expect(connector.vocabulary.task(target, "x"), target).not.toBe("");
    }
    for (const writer of Object.values(connector.writers)) expect(writer?.requests).toBeGreaterThan(0);
  });

  test("words are in the vendor's order, and only canonical states stand in their sets", () => {
    const orders = connector.vocabulary.statusWords.map((row) => row.order);
    expect([...new Set(orders)]).toEqual(orders.toSorted((a, b) => a - b));
    for (const row of connector.vocabulary.statusWords) {
      expect(row.work.filter((state) => !works.includes(state))).toEqual([]);
      expect(row.billing.filter((state) => !billings.includes(state))).toEqual([]);
      for (const state of row.write?.work ?? []) expect([row.word, row.work.includes(state)]).toEqual([row.word, true]);
    }
  });

  test("every work state lies in some word's set or has no word there", () => {
    const said = connector.vocabulary.statusWords.flatMap((row) => [...row.work, ...(row.write?.work ?? [])]);
    const covered = new Set<string>([...said, ...connector.vocabulary.noWord]);
    expect(works.filter((state) => !covered.has(state))).toEqual([]);
  });

  test("whatever is not a record of a stream is unfit or read with its gaps, never a crash, and always the same", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(connector.streams), "nothing"), fc.jsonValue(), (stream, raw) => {
        const first = connector.normalise(stream, raw, context);
        expect(canonicalJson(connector.normalise(stream, structuredClone(raw), context))).toBe(canonicalJson(first));
      }),
      { numRuns: 200 },
    );
  });
});

test("operations have keys of their own, and each is run the same way", () => {
  for (const [vendor, rows] of Object.entries(operations)) {
    const keys = rows.map((row) => row.key);
    expect(new Set(keys).size, vendor).toBe(keys.length);
    for (const row of rows)
      expect([row.key, typeof row.run, row.input !== undefined]).toEqual([row.key, "function", true]);
  }
});

test("a write that makes a record, or may make one, is not repeatable", () => {
  const makes = /^(create|upsert)/;
  const repeated = Object.values(operations).flatMap((rows) =>
    rows.filter((row) => row.repeatable && makes.test(row.key)),
  );
  expect(repeated.map((row) => row.key)).toEqual([]);
  const upserts = operations["rotor"]?.filter((row) => row.writes) ?? [];
  expect(upserts.map((row) => [row.key, row.repeatable])).toEqual([
    ["upsertCustomer", false],
    ["upsertLead", false],
  ]);
});

test("the input of every operation can be shown as JSON Schema, and refuses what it does not name", () => {
  for (const row of Object.values(operations).flat()) {
    const schema = z.toJSONSchema(row.input ?? z.never(), { io: "input", unrepresentable: "any" });
    expect([row.key, schema.type, schema.additionalProperties]).toEqual([row.key, "object", false]);
  }
});

test("a vendor nobody wrote is refused by name", () => {
  expect(Object.keys(connectors)).toEqual(ids);
  expect(() => connectorOf("unwritten")).toThrow("no connector for unwritten");
});
