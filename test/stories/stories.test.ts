import { afterAll, beforeAll, describe } from "vitest";
import { buildDemo } from "#local/demo/build.ts";
import { eachStory } from "./each-story.ts";
import { type Begun, begin, playedRun, type Run } from "./run.ts";
import { terminalAndDoors, terminalDecides } from "./terminal-and-doors.ts";
import { totals } from "./totals.ts";
import { webhooks } from "./webhooks.ts";

// The demo company's six days, played once through the stack of separate processes; then everybody asks.
const demo = buildDemo({ seed: 1 });
let begun: Begun | undefined;
let played: Run | undefined;
const run = (): Run => {
  if (!played) throw new Error("the demo was not played to its end");
  return played;
};

beforeAll(async () => {
  begun = begin(["--json", "--sweep"]);
  played = await playedRun(begun);
}, 480_000);

afterAll(async () => {
  await begun?.end();
}, 60_000);

describe("each story comes out as it is told", () => eachStory(demo, run));
describe("the whole adds up", () => totals(demo, run));
describe("the terminal and the doors of the running stack", () => terminalAndDoors(run));
describe("webhooks", () => webhooks(demo, run));
// Last, for what is decided here changes what the others ask of.
describe("the terminal decides", () => terminalDecides(demo, run));
