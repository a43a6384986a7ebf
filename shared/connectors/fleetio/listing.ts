import { Failure } from "#shared/domain/failure.ts";
import { instantNanos } from "#shared/domain/time.ts";

/** One filter per field, as the document's form has it; `include` takes a comma list, meaning "or". */
export type Filters = Readonly<Record<string, Readonly<Record<string, string>>>>;
export type Sorts = Readonly<Record<string, "asc" | "desc">>;

/** `filter[updated_at][gte]=...&sort[updated_at]=asc`. */
export function queryOf(filters: Filters, sorts: Sorts): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [field, tests] of Object.entries(filters)) {
    for (const [operator, value] of Object.entries(tests)) query[`filter[${field}][${operator}]`] = value;
  }
  for (const [field, direction] of Object.entries(sorts)) query[`sort[${field}]`] = direction;
  return query;
}

/**
 * The page says which filters and sorts it was made with. A page made otherwise proves nothing about what is missing
 * from it: Failure `malformed`.
 */
export function checkEcho(
  page: { readonly filtered_by?: unknown; readonly sorted_by?: unknown },
  filters: Filters,
  sorts: Sorts,
): void {
  const asked = [
    ...Object.entries(filters).flatMap(([field, tests]) =>
      Object.entries(tests).map(([operator, value]) => ({ path: [field, operator], value, list: page.filtered_by })),
    ),
    ...Object.entries(sorts).map(([field, value]) => ({ path: [field], value, list: page.sorted_by })),
  ];
  for (const { path, value, list } of asked) {
    const shown = Array.isArray(list) ? list.map((one: unknown) => within(one, path)) : [];
    if (shown.some((one) => sameText(one, value))) continue;
    throw new Failure("malformed", `service_entries: asked ${path.join(" ")} ${value}, the page does not say it was`, {
      operation: "listServiceEntries",
    });
  }
}

function within(value: unknown, path: readonly string[]): unknown {
  let at: unknown = value;
  for (const name of path) {
    at = typeof at === "object" && at !== null ? Object.getOwnPropertyDescriptor(at, name)?.value : undefined;
  }
  return at;
}

/** Times may come back written otherwise: equal instants are equal. */
function sameText(shown: unknown, asked: string): boolean {
  if (typeof shown !== "string") return false;
  if (shown === asked) return true;
  const instant = instantNanos(asked);
  return instant !== null && instantNanos(shown) === instant;
}

/** A cursor that does not move would list the same page for ever: Failure `malformed`. */
export function checkMoves(next: string | null, asked: string | null | undefined): void {
  if (next === null || next !== asked) return;
  throw new Failure("malformed", "service_entries: the next cursor is the one that was asked for", {
    operation: "listServiceEntries",
  });
}
