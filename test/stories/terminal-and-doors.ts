import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { route } from "#functions/call-vendor/route.ts";
import { routes } from "#functions/operate/routes.ts";
import { apiOn } from "./asked.ts";
import type { Run } from "./run.ts";
import { stackOf } from "./stack.ts";

const execute = promisify(execFile);
const script = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

const firstScreen = [
  "Ridgeline Plumbing & Fleet · Denver · 29 Oct - 3 Nov 2026 · 5 connections, all fresh",
  "240 jobs: 9 disagree about money, $2,263.63 in all",
  "  $685.00  done, never billed            10268  crew and branch say 685.00, the invoice says 0.00",
  "  $450.00  taken in the truck            10263  Rotor has the payment, ServiceTitan does not",
  "  $375.00  entered twice in Boulder      10271  JOB-0930 and JOB-0931",
  "  $320.00  never reached the office      -      Rotor job of 30 Oct, Pena, no ServiceTitan job",
  "  $230.00  check came back               10274  ServiceTitan still calls it paid",
  "  ... 4 more, $203.63",
  "Will clear by itself: $500.00 (1 deposit). Resolved since Thursday: $1,003.00.",
  "Written back: 8, each read back and confirmed. Refused by vendor: 1. Changed nothing: 1. Waiting for you: 4 approvals, 7 tasks.",
  "Look:  plumbline explain 10268   ·   plumbline plan   ·   plumbline breaks",
];

/** What a person sees, and what nobody gets without a token. */
export function terminalAndDoors(run: () => Run): void {
  const plumbline = async (...words: string[]): Promise<string> =>
    (await execute(process.execPath, [script, ...words, "--data", run().dataDir])).stdout;

  test("the first screen says whose money disagrees, by how much and why", () => {
    const { lines } = run().system;
    const from = lines.findIndex((line) => line.startsWith("Ridgeline Plumbing & Fleet · "));
    expect(lines.slice(from, from + firstScreen.length)).toEqual(firstScreen);
  });

  test("plumbline explain 10268 names every system, every amount and what is planned", async () => {
    const text = await plumbline("explain", "10268");
    for (const word of ["685.00", "ServiceTitan", "Rotor", "Custom Trades", "charge"]) expect(text).toContain(word);
  });

  test("every command that reads answers a person, and a program with --json", async () => {
    for (const words of ["status", "jobs", "breaks", "plan", "feeds", "receipts", "quarantine", "parked"]) {
      expect((await plumbline(words)).trim(), words).not.toBe("");
      const reply: unknown = JSON.parse(await plumbline(words, "--json"));
      expect(reply, words).toBeTypeOf("object");
    }
  });

  test("explain tells every story job's breaks and receipts without failing", async () => {
    for (const number of ["10244", "10253", "10263", "10271", "10291", "10300", "10313", "10316", "10319", "10330"])
      expect(await plumbline("explain", number), number).toContain(number);
  });

  test("no route but the webhooks answers without a token, nor with one that somebody made up", async () => {
    const { apiUrl } = stackOf(run().dataDir);
    for (const { method, path } of [...routes, route]) {
      const url = `${apiUrl}${path.replace("{company}", "ridgeline")}`;
      for (const authorization of [undefined, "Bearer abc", "Bearer e30.e30.e30"]) {
        const { status } = await fetch(url, { method, headers: authorization === undefined ? {} : { authorization } });
        expect(status, `${method} ${path} ${authorization}`).toBe(401);
      }
    }
  });

  test("a token of another company is turned away", async () => {
    await expect(apiOn(run().dataDir, "other").get("status")).rejects.toThrow(/^40[34]/);
  });
}
