import { operations as documented } from "#shared/connectors/registry.ts";
import * as z from "#shared/domain/schema.ts";
import { type Command, Usage } from "../command.ts";
import { tableOf } from "../screens/table.ts";

export const operations: Command = {
  name: "operations",
  about: "every operation of the vendors' documents that can be called; needs no stack",
  takes: "[VENDOR]",
  options: [
    { name: "vendor", value: "V", about: "only this vendor's" },
    { name: "writes", about: "only those that write" },
  ],
  async run(call) {
    const [named, ...others] = call.positionals;
    if (others.length > 0) throw new Usage(`operations takes no ${others.join(" ")}`);
    const vendor = call.values["vendor"] ?? named;
    if (vendor !== undefined && !documented[vendor])
      throw new Usage(`no vendor ${vendor}; there are ${Object.keys(documented).join(", ")}`);
    const rows = Object.entries(documented)
      .filter(([its]) => vendor === undefined || its === vendor)
      .flatMap(([its, all]) => all.map((row) => ({ vendor: its, row })))
      .filter(({ row }) => row.writes || !call.flags.has("writes"));
    const json = rows.map(({ vendor: its, row }) => ({
      vendor: its,
      key: row.key,
      method: row.method,
      path: row.path,
      writes: row.writes,
      money: row.money === true,
      // With one of these inputs it moves money too.
      moneyInputs: row.moneyInputs ?? [],
      repeatable: row.repeatable === true,
      notifies: row.notifies ?? "unknown",
      source: row.source,
      about: row.about ?? null,
      happened: row.happened ?? null,
      // Members of the input, at any depth, that a call takes by `--secrets -` alone: they are sent, and never stored.
      secrets: row.secrets ?? [],
      // What JSON Schema cannot say (one of two members, bytes) is left open here and checked by the call itself.
      input: row.input ? z.toJSONSchema(row.input, { io: "input", unrepresentable: "any" }) : null,
    }));
    const table = json.map((row) => [
      row.vendor,
      row.key,
      row.method,
      row.path,
      row.writes ? (row.money || row.moneyInputs.length > 0 ? "writes money" : "writes") : "reads",
      row.secrets.join(", "),
      row.source,
    ]);
    const columns = [
      { title: "vendor" },
      { title: "operation" },
      { title: "" },
      { title: "path" },
      { title: "does" },
      { title: "secret inputs" },
      { title: "source" },
    ];
    return {
      json: { operations: json },
      text: `${tableOf(columns, table, "no operation")}\n${json.length} operations`,
    };
  },
};
