// First of all: it must be said before the other modules make their schemas.
import "./no-eval.ts";
import * as z from "#shared/domain/schema.ts";
import { apiOf } from "#shared/replies/api.ts";
import type { PageDocument, PageWindow } from "./browser.ts";
import { openDesk } from "./desk.ts";
import { drawing } from "./draw.ts";
import { fragmentOf, placeOf } from "./place.ts";
import { nothingKnown, type State } from "./state.ts";
import { pageOf, titleOf } from "./views/page.ts";

declare const document: PageDocument;
declare const window: PageWindow;

const kept = "plumbline-token";
const followSeconds = 10;
const { location, history, sessionStorage } = window;

const root = document.querySelector("#page");
if (root === null) throw new Error("the document has no #page");
const base = document.querySelector('meta[name="plumbline-api"]')?.getAttribute("content") ?? "";

let shown: State = nothingKnown;
const draw = drawing(root, document, (action, fields) => void desk.act(action, fields));
const desk = openDesk({
  apiOf: ({ token, company }) => apiOf({ url: base, token, company }),
  show: (state) => {
    const arrived = state.place !== shown.place;
    shown = state;
    document.title = `${titleOf(state)} · Plumbline`;
    draw(pageOf(state));
    // A person who cannot see that the page changed hears where they are.
    if (arrived) document.querySelector("#title")?.focus();
  },
  go: (place) => {
    location.hash = fragmentOf(place);
  },
  keep: (token) => {
    if (token === null) sessionStorage.removeItem(kept);
    else sessionStorage.setItem(kept, token);
  },
});

window.addEventListener("hashchange", () => {
  if (location.hash.startsWith("#/")) void desk.arrive(placeOf(location.hash));
  // The printed link, followed in a tab that is here already.
  if (keyIn(location.hash) !== undefined) void enter();
});
setInterval(() => {
  if (shown.follow && !shown.working && shown.asking === null && document.visibilityState === "visible")
    void desk.act({ do: "refresh" });
}, followSeconds * 1000);

await enter();

/** With the key of a link that `npm start` printed, with what this tab still knows, or as a stranger. */
async function enter(): Promise<void> {
  const key = keyIn(location.hash);
  // Neither history nor a copied address may hold it.
  if (key !== undefined) history.replaceState(null, "", location.pathname);
  const token = key === undefined ? sessionStorage.getItem(kept) : await tokenFor(key);
  await desk.arrive(placeOf(location.hash));
  if (token !== null) await desk.signIn(token);
}

function keyIn(fragment: string): string | undefined {
  return /^#key=([\w-]+)$/.exec(fragment)?.[1];
}

/** Only the stack on one machine answers this; null where the key opens nothing any more. */
async function tokenFor(key: string): Promise<string | null> {
  const response = await fetch("token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key }),
  });
  if (!response.ok) return null;
  return z.parse(z.object({ token: z.string() }), await response.json()).token;
}
