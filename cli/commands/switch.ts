import * as z from "#shared/domain/schema.ts";
import { switchSchema } from "#shared/replies/lists.ts";
import { type Command, needed, type Shown } from "../command.ts";

export const stop: Command = {
  name: "stop",
  about: "stops all writes to all vendors; reading goes on",
  takes: "",
  options: [{ name: "why", value: "TEXT", about: "the reason, shown to everybody" }],
  run: async (call) => shown(await (await call.api()).post("stop", { why: needed(call, "why") })),
};

export const resume: Command = {
  name: "resume",
  about: "lets writes go again; each checks all its preconditions anew",
  takes: "",
  options: [],
  run: async (call) => shown(await (await call.api()).post("resume", {})),
};

function shown(reply: unknown): Shown {
  const { stopped, why } = z.parse(switchSchema, reply);
  return { json: reply, text: stopped ? `Writes are stopped: ${why ?? "no reason given"}.` : "Writes go." };
}
