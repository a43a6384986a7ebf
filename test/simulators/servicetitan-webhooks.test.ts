import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Office, openOffice } from "./servicetitan-office.ts";
import type { Loose } from "./support.ts";

const secret = "a-key-of-at-least-thirty-two-characters";
let office: Office;
let receiver: Server;
let events: Loose[];
let signed: boolean[];
let answer: number;

beforeEach(async () => {
  [events, signed, answer] = [[], [], 204];
  receiver = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks);
      const expected = createHmac("sha256", secret).update(raw).digest("hex");
      signed.push(request.headers["x-servicetitan-signature"] === expected);
      events.push(JSON.parse(raw.toString()));
      reply.writeHead(answer).end();
    });
  });
  await new Promise<void>((ready) => receiver.listen(0, "127.0.0.1", ready));
  const address = receiver.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hook`;
  office = await openOffice("2026-10-29T08:00:00.000Z");
  await office.control("POST", "webhooks", { account: "st-main", url, secret });
});
afterEach(async () => {
  receiver.close();
  await office.close();
});

const held = (at: string) =>
  office.plant([{ at, collection: "jobs", key: "10290", op: "update", fields: { jobStatus: "Hold" } }]);
const after = (seconds: number): Promise<void> =>
  office.clock(new Date(Date.parse("2026-10-29T08:10:00.000Z") + seconds * 1000).toISOString());

test("a change is one signed event, and any 2xx takes it", async () => {
  await held("2026-10-29T08:10:00.000Z");
  await after(0);
  await after(3600);
  expect(signed).toEqual([true]);
  expect(events).toMatchObject([{ eventType: "job.updated", data: { id: 10290, jobStatus: "Hold" } }]);
});

test("what is not taken comes again after 10, 30, 60 and 300 s, and is then lost", async () => {
  answer = 500;
  await held("2026-10-29T08:10:00.000Z");
  const seen: number[] = [];
  for (const seconds of [0, 9, 10, 39, 40, 99, 100, 399, 400, 90_000]) {
    await after(seconds);
    seen.push(events.length);
  }
  expect(seen).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  expect(new Set(events.map(({ id }: Loose) => id)).size).toBe(1);
});

test("on its dial an event is sent once and no more", async () => {
  answer = 500;
  await office.dials({ webhookRetries: false });
  await held("2026-10-29T08:10:00.000Z");
  await after(0);
  await after(90_000);
  expect(events).toHaveLength(1);
});
