import type { Json, JsonRecord } from "./json.ts";

/** One behaviour that can be turned: its default, what it means, and whether the vendor's documents say so. */
export type Dial = { default: Json; about: string; from: "documented" | "assumed" | "simulator"; values?: Json[] };
export type DialSheet = Record<string, Dial>;

/** Dials every vendor has, because the kit itself reads them. */
export const kitDials: DialSheet = {
  webhookDelivery: {
    default: "normal",
    values: ["normal", "drop", "duplicate", "reverse", "duplicate-reverse"],
    from: "simulator",
    about:
      "What happens to webhooks on their way: all arrive, none, each twice, of those due at once the latest first, or both.",
  },
  webhookHoldMs: {
    default: 0,
    from: "simulator",
    about: "Webhooks leave together, at full multiples of so long (simulated time); 0 lets each leave when it is due.",
  },
  readLagMs: {
    default: 0,
    from: "simulator",
    about: "For so long after an API write (simulated time) reads through store.seen show the record as it was.",
  },
};

export type Dials = {
  value(name: string): Json;
  number(name: string): number;
  text(name: string): string;
  flag(name: string): boolean;
};

/** Looks a dial up in the given layers, first wins, then the sheet's default. Throws on an undeclared name or a wrong type. */
export function readDials(sheet: DialSheet, layers: JsonRecord[]): Dials {
  const value = (name: string): Json => {
    const dial = sheet[name] ?? kitDials[name];
    if (!dial) throw new Error(`no dial named ${name}`);
    for (const layer of layers) {
      const set = layer[name];
      if (set !== undefined) return set;
    }
    return dial.default;
  };
  const wrong = (name: string, kind: string): never => {
    throw new Error(`dial ${name} is no ${kind}`);
  };
  return {
    value,
    number: (name) => {
      const found = value(name);
      return typeof found === "number" ? found : wrong(name, "number");
    },
    text: (name) => {
      const found = value(name);
      return typeof found === "string" ? found : wrong(name, "text");
    },
    flag: (name) => {
      const found = value(name);
      return typeof found === "boolean" ? found : wrong(name, "flag");
    },
  };
}

/** Why a setting cannot be taken, or undefined when it can. */
export function dialFault(sheet: DialSheet, name: string, value: Json): string | undefined {
  const dial = sheet[name] ?? kitDials[name];
  if (!dial) return `no dial named ${name}`;
  if (dial.values && !dial.values.includes(value)) return `${name} takes one of ${JSON.stringify(dial.values)}`;
  if (dial.default !== null && value !== null && typeof value !== typeof dial.default) {
    return `${name} takes a ${typeof dial.default}`;
  }
  return undefined;
}
