import { canonicalJson } from "./ids.ts";
import * as z from "./schema.ts";

/**
 * What makes an earlier JSON value out of the one that came after it: only what differs is told, everything else is
 * taken from the later value. Small where little changed, so that each version of a job can leave one behind it.
 */
export type BackStep =
  /** The earlier value itself. */
  | { readonly is: unknown }
  /** An object: members that differ or stood only before, and names of those that stand only after. */
  | { readonly of: readonly (readonly [name: string, step: BackStep])[]; readonly gone?: readonly string[] | undefined }
  /** A list of the same length: steps by position. */
  | { readonly at: readonly (readonly [place: number, step: BackStep])[] }
  /** A list of another length, piece by piece: `[start, count]` of the later list, or one value of its own. */
  | { readonly row: readonly (readonly [start: number, count: number] | { readonly is: unknown })[] };

const own = z.strictObject({ is: z.unknown() });
const run = z.tuple([z.int(), z.int()]);

export const backStepSchema: z.ZodMiniType<BackStep> = z.lazy(() =>
  z.union([
    own,
    z.strictObject({ of: z.array(z.tuple([z.string(), backStepSchema])), gone: z.optional(z.array(z.string())) }),
    z.strictObject({ at: z.array(z.tuple([z.int(), backStepSchema])) }),
    z.strictObject({ row: z.array(z.union([run, own])) }),
  ]),
);

/**
 * The step from `after` back to `before`, both JSON values (a member that is undefined is none); null when their
 * canonical JSON is the same. Parts that are one object are not looked into.
 */
export function backStepOf(after: unknown, before: unknown): BackStep | null {
  if (after === before) return null;
  if (Array.isArray(after) && Array.isArray(before)) {
    if (after.length !== before.length) return rowOf(after, before);
    const steps = before.flatMap((value: unknown, place) => named(place, backStepOf(after[place], value)));
    return steps.length === 0 ? null : { at: steps };
  }
  if (isObject(after) && isObject(before)) return membersOf(after, before);
  return canonicalJson(after) === canonicalJson(before) ? null : { is: before ?? null };
}

/** The value before. Throws on a step that was not made from this value. */
export function steppedBack(after: unknown, step: BackStep | null): unknown {
  if (step === null) return after;
  if ("is" in step) return step.is;
  if ("of" in step) {
    if (!isObject(after)) throw new Error("a step back is for an object, and there is none");
    const gone = new Set(step.gone ?? []);
    const kept = Object.entries(after).filter(([name, value]) => value !== undefined && !gone.has(name));
    const members = new Map<string, unknown>(kept);
    for (const [name, one] of step.of) members.set(name, steppedBack(members.get(name), one));
    return Object.fromEntries(members);
  }
  if (!Array.isArray(after)) throw new Error("a step back is for a list, and there is none");
  const later: readonly unknown[] = after;
  if ("at" in step) {
    const steps = new Map(step.at);
    for (const place of steps.keys())
      if (place < 0 || place >= later.length)
        throw new Error(`a step back names place ${place} of a list of ${later.length}`);
    return later.map((value, place) => steppedBack(value, steps.get(place) ?? null));
  }
  return step.row.flatMap((piece) => ("is" in piece ? [piece.is] : slice(later, piece)));
}

function slice(later: readonly unknown[], [start, count]: readonly [number, number]): readonly unknown[] {
  if (start < 0 || count < 1 || start + count > later.length)
    throw new Error(`a step back names places ${start} to ${start + count} of a list of ${later.length}`);
  return later.slice(start, start + count);
}

function membersOf(after: object, before: object): BackStep | null {
  const [later, earlier] = [new Map(stated(after)), new Map(stated(before))];
  const steps = [...earlier].flatMap(([name, value]) =>
    named(name, later.has(name) ? backStepOf(later.get(name), value) : { is: value }),
  );
  const gone = [...later.keys()].filter((name) => !earlier.has(name)).sort();
  if (steps.length === 0 && gone.length === 0) return null;
  return { of: steps, ...(gone.length > 0 ? { gone } : {}) };
}

/** What of the earlier list the later one still has, in runs; the rest as it was. */
function rowOf(after: readonly unknown[], before: readonly unknown[]): BackStep {
  const places = new Map(after.map((value, place) => [canonicalJson(value), place]));
  const row: ([number, number] | { is: unknown })[] = [];
  for (const value of before) {
    const place = places.get(canonicalJson(value));
    const last = row.at(-1);
    if (place === undefined) row.push({ is: value });
    else if (Array.isArray(last) && last[0] + last[1] === place) last[1] += 1;
    else row.push([place, 1]);
  }
  return { row };
}

const named = <Name>(name: Name, step: BackStep | null): readonly (readonly [Name, BackStep])[] =>
  step === null ? [] : [[name, step]];

const stated = (value: object): readonly (readonly [string, unknown])[] =>
  Object.entries(value).filter(([, member]) => member !== undefined);

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
