import * as z from "#shared/domain/schema.ts";
import { plainAmount } from "#shared/replies/amounts.ts";
import { breakSchema } from "#shared/replies/board.ts";
import { breaksSchema } from "#shared/replies/lists.ts";
import { causesText, explanationOf } from "#shared/replies/money-words.ts";
import { type Call, type Command, needed, queryOf, type Shown, wanted } from "../command.ts";
import { tableOf } from "../screens/table.ts";

export const breaks: Command = {
  name: "breaks",
  about: "every disagreement that stands, widest first",
  takes: "",
  options: [
    { name: "state", value: "S", about: "waiting, open, explained, assigned, reopened or resolved" },
    { name: "kind", value: "K", about: "charge, payment, missing-twin, status, ..." },
  ],
  async run(call) {
    const { state, kind } = call.values;
    const reply = z.parse(breaksSchema, await (await call.api()).get(`breaks${queryOf({ state, kind })}`));
    const rows = reply.breaks.map((found) => [
      found.gapMinor === 0 ? "" : plainAmount(found.gapMinor),
      found.number ?? found.job,
      found.state === "assigned" ? `assigned to ${found.assignedTo ?? "?"}` : found.state,
      found.key,
      causesText(found),
      found.since.slice(0, 16),
      found.note ? `${found.sentence} (${explanationOf(found)})` : found.sentence,
    ]);
    const columns = [
      { title: "gap", right: true as const },
      { title: "job" },
      { title: "state" },
      { title: "break" },
      { title: "cause" },
      { title: "since (UTC)" },
      { title: "what" },
    ];
    return { json: reply, text: tableOf(columns, rows, "no break stands") };
  },
};

const markedSchema = z.object({ job: z.string(), break: breakSchema });

export const breaksExplain: Command = {
  name: "breaks explain",
  about: "says why a break is there; it stays counted, and is open again when its gap moves",
  takes: "JOB BREAK",
  options: [
    { name: "note", value: "TEXT", about: "the explanation, kept with the break" },
    { name: "cause", value: "KIND", about: "what kind it is: credit, write-off, retention, shared, wrong-link, ..." },
  ],
  run: (call) => {
    const { cause } = call.values;
    return mark(call, "breaks/explain", { note: needed(call, "note"), ...(cause === undefined ? {} : { cause }) });
  },
};

export const breaksAssign: Command = {
  name: "breaks assign",
  about: "says who looks after a break; it stays counted",
  takes: "JOB BREAK",
  options: [{ name: "to", value: "NAME", about: "the person" }],
  run: (call) => mark(call, "breaks/assign", { to: needed(call, "to") }),
};

async function mark(call: Call, path: string, said: Readonly<Record<string, string>>): Promise<Shown> {
  const body = { job: wanted(call, 0, "JOB"), key: wanted(call, 1, "BREAK"), ...said };
  const reply = await (await call.api()).post(path, body);
  const { break: found } = z.parse(markedSchema, reply);
  const how = found.state === "assigned" ? `assigned to ${found.assignedTo ?? "?"}` : found.state;
  return { json: reply, text: `${body.job} ${found.key} ${plainAmount(found.gapMinor)} is ${how}.` };
}
