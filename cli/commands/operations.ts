import { operations as documented } from "#shared/connectors/registry.ts";
import { type Command, Usage } from "../command.ts";
import { tableOf } from "../screens/table.ts";

export const operations: Command = {
  name: "operations",
  about: "every operation of the vendors' documents that can be called; needs no stack",
  takes: "[VENDOR]",
  options: [{ name: "writes", about: "only those that write" }],
  async run(call) {
    const [vendor] = call.positionals;
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
      repeatable: row.repeatable === true,
      notifies: row.notifies ?? "unknown",
      source: row.source,
      about: row.about ?? null,
      happened: row.happened ?? null,
    }));
    const table = json.map((row) => [
      row.vendor,
      row.key,
      row.method,
      row.path,
      row.writes ? (row.money ? "writes money" : "writes") : "reads",
      row.source,
    ]);
    const columns = [
      { title: "vendor" },
      { title: "operation" },
      { title: "" },
      { title: "path" },
      { title: "does" },
      { title: "source" },
    ];
    return {
      json: { operations: json },
      text: `${tableOf(columns, table, "no operation")}\n${json.length} operations`,
    };
  },
};
