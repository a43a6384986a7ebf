import { canonicalJson, digestOf } from "#shared/domain/ids.ts";
import * as z from "#shared/domain/schema.ts";
import { instantNanos } from "#shared/domain/time.ts";
import type { CallLook } from "#shared/messages/call.ts";

/** What a look at the vendor says of a call. */
export interface Sight {
  /** What was seen, canonical: for rows that come or go the ids of those that fit, else the members looked for as they stand. */
  readonly seen: string;
  readonly says: "shown" | "not-shown" | "unknown";
  /** True when everything that was looked for could be compared: only then it may be taken for done without sending. */
  readonly whole: boolean;
}

/** An answer of the reading operation, or that the vendor has no such record. */
export type Looked = { readonly missing: true } | { readonly value: unknown };

/** How much of what is wanted a row shows: members that agree, that differ, and that it does not print so. */
interface Fit {
  readonly same: number;
  readonly differ: number;
  readonly unseen: number;
}

const idsSchema = z.array(z.string());

/** Pure. `before` is what the look before the call had `seen`; without it a row cannot be told to be new. */
export function sightOf(look: CallLook, looked: Looked, before: string | null): Sight {
  const rows = "missing" in looked ? [] : rowsAt(looked.value, look.rows);
  if (rows === null) return { seen: "", says: "unknown", whole: false };
  if (look.expect === "new") return newRow(look, rows, before);
  if (look.expect === "gone") {
    const fitted = rows.map((row) => ({ row, fit: look.wants.map(({ of }) => fitOf(of, row)) }));
    // A row that prints none of what would tell it proves nothing, least of all that the record is gone.
    if (fitted.some(({ fit }) => fit.some((one) => one.same + one.differ === 0))) {
      return { seen: "", says: "unknown", whole: false };
    }
    const there = fitted.filter(({ fit }) => fit.some(fits)).map(({ row }) => row);
    return { seen: canonicalJson(there.map(idOf)), says: there.length === 0 ? "shown" : "not-shown", whole: true };
  }
  const found = look.wants.map(({ of, shows }) =>
    best(
      shows,
      rows.filter((row) => fitOf(of, row).differ === 0),
    ),
  );
  const seen = found.every((one) => one === null) ? "no such record" : shownText(look, found);
  if (found.length > 0 && found.every((one) => fits(one?.fit)))
    return { seen, says: "shown", whole: found.every((one) => one?.fit.unseen === 0) };
  const differs = found.some((one) => one === null || one.fit.differ > 0);
  return { seen, says: differs ? "not-shown" : "unknown", whole: false };
}

/** Rows that fit and were not there before; before the call there is nothing to compare with, and nothing is done. */
function newRow(look: CallLook, rows: readonly unknown[], before: string | null): Sight {
  const fitting = rows.filter((row) => look.wants.some(({ of }) => fits(fitOf(of, row)))).map(idOf);
  const seen = canonicalJson(fitting.toSorted());
  const known = new Set(before === null ? fitting : z.parse(idsSchema, JSON.parse(before)));
  return { seen, says: fitting.some((id) => !known.has(id)) ? "shown" : "not-shown", whole: false };
}

function idOf(row: unknown): string {
  for (const name of ["id", "uuid"]) {
    const id = memberOf(row, name);
    if (typeof id === "string" || typeof id === "number") return String(id);
  }
  return digestOf(row);
}

/** The row that shows most of it; one that agrees in nothing shows nothing of it. Null without rows. */
function best(want: unknown, rows: readonly unknown[]): { readonly row: unknown; readonly fit: Fit } | null {
  const fitted = rows.map((row) => ({ row, fit: fitOf(want, row) }));
  return fitted.toSorted((a, b) => a.fit.differ - b.fit.differ || b.fit.same - a.fit.same)[0] ?? null;
}

function fits(fit: Fit | undefined): boolean {
  return fit !== undefined && fit.differ === 0 && fit.same > 0;
}

const same: Fit = { same: 1, differ: 0, unseen: 0 };
const differ: Fit = { same: 0, differ: 1, unseen: 0 };
const unseen: Fit = { same: 0, differ: 0, unseen: 1 };

/** A list holds what is wanted when each of its members is somewhere in it: vendors add to lists and order them. */
function fitOf(want: unknown, shown: unknown): Fit {
  if (shown === undefined) return unseen;
  if (Array.isArray(want)) {
    if (!Array.isArray(shown)) return unseen;
    if (want.length === 0) return shown.length === 0 ? same : differ;
    return sum(want.map((one) => memberFit(one, shown)));
  }
  if (typeof want === "object" && want !== null) {
    if (Array.isArray(shown)) return unseen;
    return sum(Object.entries(want).map(([name, one]) => fitOf(one, memberOf(shown, name))));
  }
  if (typeof shown === "object" && shown !== null) return unseen;
  return isEqual(want, shown) ? same : differ;
}

function memberFit(want: unknown, shown: readonly unknown[]): Fit {
  const fitted = shown.map((one) => fitOf(want, one));
  if (fitted.some(fits)) return same;
  return fitted.length > 0 && fitted.every((fit) => fit.same + fit.differ === 0) ? unseen : differ;
}

function sum(parts: readonly Fit[]): Fit {
  return parts.reduce(
    (all, one) => ({ same: all.same + one.same, differ: all.differ + one.differ, unseen: all.unseen + one.unseen }),
    { same: 0, differ: 0, unseen: 0 },
  );
}

const isPhone = (text: string): boolean => /^[\d\s()+./-]{7,}$/.test(text);

/** One value in two prints: an amount as text, an instant in another zone, a day with a time, a phone with dashes. */
function isEqual(want: unknown, shown: unknown): boolean {
  if (want === shown) return true;
  if (typeof want === "number" || typeof shown === "number")
    return want !== "" && shown !== "" && want !== null && shown !== null && Number(want) === Number(shown);
  if (typeof want !== "string" || typeof shown !== "string") return false;
  const [a, b] = [instantNanos(want), instantNanos(shown)];
  if (a !== null && b !== null) return a === b;
  const [short, long] = want.length <= shown.length ? [want, shown] : [shown, want];
  if (/^\d{4}-\d{2}-\d{2}$/.test(short) && long.startsWith(`${short}T`)) return true;
  return isPhone(want) && isPhone(shown) && want.replace(/\D/g, "") === shown.replace(/\D/g, "");
}

type Found = ReturnType<typeof best>;

/** One record as it stands; several in the order in which they were looked for. */
function shownText({ wants }: CallLook, found: readonly Found[]): string {
  const shown = wants.map(({ shows }, place) => shownOf(shows, found[place]?.row));
  return canonicalJson(shown.length === 1 ? shown[0] : shown);
}

/** The members that were looked for as the row shows them; null without a row. */
function shownOf(want: Readonly<Record<string, unknown>>, row: unknown): unknown {
  if (row === undefined) return null;
  return Object.fromEntries(Object.keys(want).map((name) => [name, memberOf(row, name) ?? null]));
}

/** Rows at the first of these paths (`data.job|data`) at which there are any; null when the answer has nothing there. */
function rowsAt(value: unknown, paths: string): readonly unknown[] | null {
  for (const path of paths.split("|")) {
    const rows = rowsAtOne(value, path);
    if (rows !== null) return rows;
  }
  return null;
}

/** A record alone is one row. */
function rowsAtOne(value: unknown, path: string): readonly unknown[] | null {
  let found = value;
  for (const name of path === "" ? [] : path.split(".")) found = memberOf(found, name);
  const rows: readonly unknown[] | null = Array.isArray(found) ? found : null;
  return rows ?? (typeof found === "object" && found !== null ? [found] : null);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
