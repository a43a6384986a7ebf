import type { Fault, World } from "./world.ts";

export type FaultPlace = { account: string | null; method: string; path: string; query: string; now: string };

/** The first fault that hits this request: its account, method, path and the simulated instant fit and it has uses left. */
export function matchFault(world: World, place: FaultPlace): Fault | undefined {
  const now = Date.parse(place.now);
  return world.faults.find((fault) => {
    if (fault.account !== null && fault.account !== place.account) return false;
    if (fault.method !== null && fault.method.toUpperCase() !== place.method) return false;
    if (fault.path !== null && !fits(new RegExp(fault.path), place)) return false;
    if (fault.from !== null && now < Date.parse(fault.from)) return false;
    return fault.until === null || now < Date.parse(fault.until);
  });
}

/** An expression may be about the path alone, or about the path with its query. */
function fits(wanted: RegExp, { path, query }: FaultPlace): boolean {
  return wanted.test(path) || (query !== "" && wanted.test(`${path}?${query}`));
}

/** Faults that end the request before the vendor does anything. */
export function actsBefore(fault: Fault): boolean {
  return fault.kind === "status" || fault.kind === "html" || fault.kind === "reset-before";
}

/** Faults under which the caller never gets a whole answer although the effect stands. */
export function hidesAnswer(fault: Fault | undefined): boolean {
  return fault?.kind === "reset-after" || fault?.kind === "timeout-after" || fault?.kind === "truncate";
}
