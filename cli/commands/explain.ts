import { type Command, queryOf, wanted } from "../command.ts";
import { explainScreen } from "../screens/explain.ts";

export const explain: Command = {
  name: "explain",
  about: "everything about a job: who says what, which rule won, what is planned, what was written and what came back",
  takes: "JOB",
  options: [],
  async run(call) {
    const reply = await (await call.api()).get(`job${queryOf({ name: wanted(call, 0, "JOB") })}`);
    return { json: reply, text: explainScreen(reply) };
  },
};
