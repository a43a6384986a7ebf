import { amount } from "#shared/replies/amounts.ts";
import { moment } from "#shared/replies/days.ts";
import type { Action } from "../action.ts";
import { fragmentOf } from "../place.ts";
import type { State } from "../state.ts";
import { type Branch, h, type Tree } from "../tree.ts";

/** The company's currency and clock, in which everything is told; dollars and UTC until the board is there. */
export interface Telling {
  money(minor: number): string;
  /** "30 Oct 14:35" on the company's wall clock; "never" for null. */
  at(instant: string | null): string;
  /** A connection as people call it. */
  system(id: string): string;
}

export function tellingOf({ board }: State): Telling {
  const zone = board?.company.zone ?? "UTC";
  const currency = board?.company.currency ?? "USD";
  return {
    money: (minor) => amount(minor, currency),
    at: (instant) => (instant === null ? "never" : moment(instant, zone)),
    system: (id) => board?.connections.find((one) => one.id === id)?.title ?? id,
  };
}

export function link(job: string, number: string | null): Branch {
  const text = number ?? "no number";
  return h("a", { href: fragmentOf({ at: "job", name: job }) }, text);
}

/** A word with a colour that repeats what the word says. */
export function chip(word: string, tone: "good" | "bad" | "calm" | "due"): Branch {
  return h("span", { class: `chip ${tone}` }, word);
}

export function button(text: string, action: Action, more: Readonly<Record<string, string | boolean>> = {}): Branch {
  return h("button", { type: "button", ...more }, text, { click: action });
}

export interface Column {
  readonly title: string;
  /** Numbers stand to the right, under each other; a day or a time is never broken. */
  readonly as?: "right" | "short";
}

/** A table that says what it is; on a narrow screen it scrolls inside its own frame, which the keyboard reaches. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (Tree | readonly Tree[])[])[],
): Branch {
  const cell = (content: Tree | readonly Tree[], place: number): Branch => {
    const attributes = { class: columns[place]?.as ?? null };
    const children = typeof content === "string" || !("tag" in content) ? content : [content];
    return place === 0 ? h("th", { scope: "row", ...attributes }, children) : h("td", attributes, children);
  };
  const heads = columns.map(({ title, as }) => h("th", { scope: "col", class: as ?? null }, title));
  return h("div", { class: "frame", tabindex: 0, role: "region", "aria-label": caption }, [
    h("table", {}, [
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, [h("tr", {}, heads)]),
      h(
        "tbody",
        {},
        rows.map((row) => h("tr", {}, row.map(cell))),
      ),
    ]),
  ]);
}

/** A part of the page with its heading; nothing at all where it has nothing to show. */
export function part(title: string, children: readonly (Tree | null)[]): Branch | null {
  const there = children.filter((child) => child !== null);
  return there.length === 0 ? null : h("section", {}, [h("h2", {}, title), ...there]);
}

/** What a section shows until its first answer is there, or when none came. */
export function waitingFor(what: string, { working }: State): Branch {
  return h("p", { class: "quiet" }, working ? `Asking for ${what} …` : "There is nothing to show. Refresh asks again.");
}

/** A form of one line of text and two buttons: why, and what then happens. */
export function whyForm(label: string, go: string, action: Action): Branch {
  const cancel = button("Cancel", { do: "ask", asking: null }, { class: "plain" });
  return h(
    "form",
    { class: "why" },
    [
      h("label", {}, [
        h("span", {}, label),
        h("input", { name: "why", required: true, maxlength: 500, autocomplete: "off", "data-focus": true }),
      ]),
      h("button", { type: "submit", class: "danger" }, go),
      cancel,
    ],
    { submit: action },
  );
}

/** "1 job", "2 jobs". */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
