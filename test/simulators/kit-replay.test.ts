import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientOf, type Running, run, stateOf } from "./support.ts";
import { tiny } from "./tiny-vendor.ts";

const key = fc.constantFrom("thing-100", "thing-101", "t1", "t2");
const instant = fc
  .integer({ min: 0, max: 40 })
  .map((hours) => new Date(Date.UTC(2026, 9, 29) + hours * 3_600_000).toISOString());
const value = fc.constantFrom(1, 2, null, { a: 1 }, ["x"]);
const edit = fc.record({
  at: instant,
  collection: fc.constantFrom("things", "kept"),
  key,
  op: fc.constantFrom("create", "update", "remove"),
  fields: fc.record({ value }),
  touch: fc.boolean(),
  notify: fc.boolean(),
});
const toControl = (path: string) => (body: object) => ({
  to: "control",
  method: path === "/clock" ? "PUT" : "POST",
  path,
  body,
});
const toApi = (method: string, path: string, body: object) => ({ to: "api", method, path, body });
const step = fc.oneof(
  value.map((one) => toApi("POST", "/things", { value: one })),
  fc.record({ id: key, value }).map((one) => toApi("PUT", `/things/${one.id}`, { value: one.value })),
  fc.array(edit, { maxLength: 4 }).map((edits) => toControl("/plant")({ account: "acme", edits })),
  instant.map((now) => toControl("/clock")({ now })),
  fc
    .constantFrom("normal", "drop", "reverse")
    .map((webhookDelivery) => toControl("/dials")({ account: "acme", dials: { webhookDelivery } })),
  fc
    .constantFrom("reset-after", "status", "truncate")
    .map((kind) => toControl("/faults")({ match: {}, fault: { kind }, times: 2 })),
  fc.constant(toControl("/load")({ account: "acme", collections: { things: [{ id: "t1", value: 1 }] } })),
);

async function begin(): Promise<Running> {
  const running = await run({ declared: [tiny] });
  const control = running.control("tiny");
  await control.send("PUT", "/clock", { now: "2026-10-29T00:00:00Z" });
  await control.send("POST", "/accounts", { id: "acme", credentials: { key: "k1" } });
  // Nobody listens there: every delivery fails, is tried again and is lost at last.
  await control.send("POST", "/webhooks", { account: "acme", url: "http://127.0.0.1:9/hook", secret: "s" });
  return running;
}

async function play(
  running: Running,
  steps: { to: string; method: string; path: string; body: object }[],
): Promise<void> {
  const api = clientOf(`${running.urls["tiny"]}/v1`, { key: "k1" });
  for (const { to, method, path, body } of steps) {
    const client = to === "api" ? api : running.control("tiny");
    // A fault may cut the line, and an update may name nothing: both are part of what is played.
    await client.send(method, path, body).catch(() => undefined);
  }
  // The clock waits for deliveries under way, so nothing moves any more afterwards.
  await running.control("tiny").send("PUT", "/clock", { now: "2026-11-05T00:00:00Z" });
}

describe("whatever was done to a vendor", () => {
  test("a restart brings back exactly the same state", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const running = await begin();
        await play(running, steps);
        const before = await stateOf(running, "tiny");
        const again = await running.restart();
        expect(await stateOf(again, "tiny")).toEqual(before);
        await again.close();
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  test("a log cut anywhere, even within a line, opens as what had happened until then", async () => {
    const running = await begin();
    const [steps] = fc.sample(fc.array(step, { minLength: 20, maxLength: 20 }), { numRuns: 1, seed: 11 });
    await play(running, steps ?? []);
    await running.close();
    const bytes = readFileSync(join(running.dataDir, "tiny.log.jsonl"));
    const lines = bytes.toString("utf8").trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(10);
    for (const [at, line] of lines.entries()) {
      const whole = `${lines.slice(0, at).join("\n")}${at > 0 ? "\n" : ""}`;
      const dataDir = mkdtempSync(join(tmpdir(), "simulators-"));
      writeFileSync(join(dataDir, "tiny.log.jsonl"), whole + line.slice(0, Math.floor(line.length / 2)));
      const cut = await run({ declared: [tiny], dataDir });
      const { entries } = (await cut.control("tiny").get("/log")).body;
      expect(entries.slice(0, at).map(({ seq }: { seq: number }) => seq)).toEqual(
        lines.slice(0, at).map((_, nth) => nth + 1),
      );
      await cut.close();
    }
  }, 120_000);
});
