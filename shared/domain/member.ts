/** Names from the outside in; a place in a list is its number as a text. */
export type Place = readonly string[];

/** The value at a place; undefined where there is none. */
export function memberAt(value: unknown, place: Place): unknown {
  return place.reduce<unknown>(
    (found, name) =>
      typeof found === "object" && found !== null && Object.hasOwn(found, name) ? Reflect.get(found, name) : undefined,
    value,
  );
}

/**
 * A copy with this member of the object at the place's end; null where no such object stands, since a place in a list
 * is taken by nobody. What is not on the way is the same object as before.
 */
export function withMember(value: unknown, place: Place, member: unknown): unknown {
  const name = place.at(-1);
  return name === undefined ? null : changed(value, place.slice(0, -1), (owner) => ({ ...owner, [name]: member }));
}

/** A copy without the member of the object at the place's end; null where no such object stands. */
export function withoutMember(value: unknown, place: Place): unknown {
  return changed(value, place.slice(0, -1), (owner) =>
    Object.fromEntries(Object.entries(owner).filter(([name]) => name !== place.at(-1))),
  );
}

/** A copy in which the object at the place is another one; null where there is none. */
function changed(value: unknown, [name, ...rest]: Place, edit: (owner: object) => object): unknown {
  if (typeof value !== "object" || value === null) return null;
  if (name === undefined) return Array.isArray(value) ? null : edit(value);
  const inner = changed(memberAt(value, [name]), rest, edit);
  if (inner === null) return null;
  if (!Array.isArray(value)) return { ...value, [name]: inner };
  return value.map((one: unknown, n) => (String(n) === name ? inner : one));
}

/** Places of all members that the test names, from the outside in; what it names is not looked into. */
export function placesWhere(
  value: unknown,
  isWanted: (name: string, member: unknown, owner: object) => boolean,
): readonly Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) =>
    isWanted(name, member, value) ? [[name]] : placesWhere(member, isWanted).map((rest) => [name, ...rest]),
  );
}
