/** Where a person is. It stands in the address's fragment, which no server sees, so that back and reload work. */
export type Place =
  | { readonly at: "money" | "waiting" | "breaks" | "unattached" | "written" | "feeds" }
  | { readonly at: "job"; readonly name: string };

export const sections = [
  { at: "money", title: "Money" },
  { at: "waiting", title: "Waiting for you" },
  { at: "breaks", title: "Breaks" },
  { at: "unattached", title: "Unattached money" },
  { at: "written", title: "Written back" },
  { at: "feeds", title: "Feeds" },
] as const;

/** `#/breaks`, `#/job/st-main%3A10268`; anything else is the first section. */
export function placeOf(fragment: string): Place {
  const [, section = "", name = ""] = fragment.replace(/^#/, "").split("/");
  if (section === "job" && name !== "") return { at: "job", name: decoded(name) };
  return { at: sections.find(({ at }) => at === section)?.at ?? "money" };
}

export function fragmentOf(place: Place): string {
  return place.at === "job" ? `#/job/${encodeURIComponent(place.name)}` : `#/${place.at}`;
}

/** A stray percent sign, as a person may type one, stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    if (cause instanceof URIError) return text;
    throw cause;
  }
}
