import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { type Desk, deskAt } from "#local/demo/bookkeeper.ts";
import type { DemoAct } from "#local/demo/demo.ts";

// What the demo's bookkeeper does must be done: an act that finds nothing is no progress.
const company = { currency: "USD" };
const standing = { company, jobs: 230, agree: 229, disagree: 1, waiting: 0, notComparable: 0, gapMinor: 226_363 };
const record = { connection: "st-main", stream: "payments", id: "96300107" };
const approval: DemoAct = {
  at: "2026-11-02T17:30:00.000Z",
  act: "approve",
  story: 15,
  match: { record, target: "payment" },
};
const planned = {
  job: "j1",
  id: "i1",
  bound: "h1",
  target: "payment",
  kind: "write",
  sentence: "450.00 moves",
  record,
};

let server: Server | undefined;
afterEach(async () => {
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
});

/** A desk at an API that answers these routes, and what was asked of it. */
async function deskOf(answers: Readonly<Record<string, unknown>>): Promise<{ desk: Desk; asked: string[] }> {
  const asked: string[] = [];
  const listening = createServer((request, response) => {
    const name = `${request.method} ${(request.url ?? "").split("/").slice(3).join("/")}`;
    void text(request).then((body) => {
      asked.push(body === "" ? name : `${name} ${body}`);
      response.writeHead(name in answers ? 200 : 404).end(JSON.stringify(answers[name] ?? {}));
    });
  });
  server = listening;
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { desk: deskAt(`http://127.0.0.1:${address.port}`, "token", "ridgeline", { crosswalk: [] }), asked };
}

const cutover: DemoAct = { at: "2026-10-28T06:00:00.000Z", act: "cutover", story: null };

test("the cutover is looked up, and says what was counted", async () => {
  const { desk, asked } = await deskOf({
    "GET cutover": { currency: "USD", rows: [], jobs: 0, countedMinor: 0 },
    "GET status": standing,
  });
  expect(await desk.act(cutover)).toBe("cutover: 230 jobs looked at, 0 differences, $0.00, nothing to accept");
  expect(asked).toEqual(["GET cutover", "GET status"]);
});

test("a cutover with a difference nobody planted is refused, and nothing is signed for", async () => {
  const rows = [{ job: "j1", number: "10268", line: "charge", connection: "ctc-boulder", minor: 68_500 }];
  const { desk, asked } = await deskOf({ "GET cutover": { rows, countedMinor: 68_500 }, "GET status": standing });
  await expect(desk.act(cutover)).rejects.toThrow(
    "cutover: 1 differences, $685.00, where none was expected: 10268 charge",
  );
  expect(asked.filter((line) => line.startsWith("POST"))).toEqual([]);
});

test("a cutover before anything was read is refused", async () => {
  const { desk } = await deskOf({
    "GET cutover": { rows: [], countedMinor: 0 },
    "GET status": { ...standing, jobs: 0 },
  });
  await expect(desk.act(cutover)).rejects.toThrow("no job was read yet");
});

test("an approval is given for what was found, bound to what was seen", async () => {
  const { desk, asked } = await deskOf({
    "GET plan": { intents: [planned, { ...planned, id: "i2", target: "status" }] },
    "POST plan/approve": { results: [{ decided: true }] },
  });
  expect(await desk.act(approval)).toBe("approved 1: 450.00 moves");
  expect(asked[1]).toBe('POST plan/approve {"intents":[{"job":"j1","intent":"i1","bound":"h1"}]}');
});

test("an approval that finds nothing is no progress, unless a machine that was ended had begun it", async () => {
  const { desk } = await deskOf({ "GET plan": { intents: [] } });
  await expect(desk.act(approval)).rejects.toThrow("nothing planned to approve: payment of st-main 96300107");
  expect(await desk.act(approval, true)).toContain("was decided before the machine ended");
});

test("an approval that was not taken says why", async () => {
  const { desk } = await deskOf({
    "GET plan": { intents: [planned] },
    "POST plan/approve": { results: [{ decided: false, why: "it is no longer planned" }] },
  });
  await expect(desk.act(approval)).rejects.toThrow("could not approve");
});

test("a links file of which rows were left out is no progress", async () => {
  const left = [{ row: 1, record: "ctc-boulder/jobs/x", why: "it is linked elsewhere" }];
  const { desk } = await deskOf({ "POST links/import": { new: 1, same: 0, confirmed: 0, left } });
  await expect(desk.act({ ...cutover, act: "import-links" })).rejects.toThrow("row 1, it is linked elsewhere");
});

test("the daily line writes money as the first screen does", async () => {
  const { desk } = await deskOf({ "GET status": standing });
  expect(await desk.summary()).toBe("230 jobs: 229 agree, 1 disagree, 0 wait, 0 not comparable; $2,263.63 open");
});
