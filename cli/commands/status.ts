import type { Command } from "../command.ts";
import { firstScreen } from "../screens/first-screen.ts";

export const status: Command = {
  name: "status",
  about: "the first screen: whose money disagrees, by how much and why",
  takes: "",
  options: [],
  async run(call) {
    const reply = await (await call.api()).get("status");
    return { json: reply, text: firstScreen(reply) };
  },
};
