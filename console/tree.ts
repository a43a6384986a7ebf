import type { Action } from "./action.ts";

/**
 * What the page shows, as plain data: views make it, `draw.ts` puts it on the screen, and tests read it without a browser.
 * Text is text and never markup: nothing here can carry HTML.
 */
export type Tree = Branch | string;

export interface Branch {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Tree[];
  /** What a person does here, by the event that says so. */
  readonly on: Readonly<Partial<Record<Happening, Action>>>;
}

export type Happening = "click" | "submit";
type Child = Tree | null;

/** One element. An attribute that is null or false is left out; a child that is null is, too. */
export function h(
  tag: string,
  attributes: Readonly<Record<string, string | number | boolean | null>> = {},
  children: string | readonly Child[] = [],
  on: Branch["on"] = {},
): Branch {
  const written = Object.entries(attributes).flatMap(([name, value]): [string, string][] =>
    value === null || value === false ? [] : [[name, value === true ? "" : String(value)]],
  );
  return {
    tag,
    attributes: Object.fromEntries(written),
    children: typeof children === "string" ? [children] : children.filter((child) => child !== null),
    on,
  };
}
