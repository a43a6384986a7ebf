/** Two printed values mean the same: equal, or instants that differ only in how they are printed. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "string" || typeof b !== "string") return false;
  // A printed day may carry a time part that says nothing.
  if (/^\d{4}-\d{2}-\d{2}$/.test(b)) return a.slice(0, 10) === b;
  return false;
}
