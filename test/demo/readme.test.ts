import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildDemo } from "#local/demo/build.ts";
import type { Story } from "#local/demo/demo.ts";
import { decimal } from "#local/demo/money.ts";

const text = readFileSync(new URL("../../local/demo/README.md", import.meta.url), "utf8");
const { stories } = buildDemo({ seed: 1 });

/** A story as the README tells it: its row, name, what must come out, and the breaks that stand at the end. */
function rowOf({ number, name, expect: comesOut, jobs }: Story): string {
  const breaks = jobs.flatMap((job) =>
    job.breaks.map(({ kind, gapMinor, state }) =>
      [kind, ...(gapMinor === 0 ? [] : [`${gapMinor > 0 ? "+" : ""}${decimal(gapMinor)}`]), state].join(" "),
    ),
  );
  return `| ${number} | ${name} | ${comesOut} | ${breaks.length === 0 ? "-" : breaks.join("; ")} |`;
}

test("the README tells every story of the demo, in order, with what must come out and the amounts of seed 1", () => {
  expect(stories).toHaveLength(35);
  // Columns may be padded.
  const told = text.split("\n").filter((line) => /^\| \d+(\.5)? +\| /.test(line));
  expect(told.map((line) => line.replaceAll(/ +/g, " "))).toEqual(stories.map(rowOf));
});
