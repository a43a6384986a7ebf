import { dayRange, moment } from "#shared/replies/days.ts";
import { calls } from "../calls.ts";
import { fragmentOf, sections } from "../place.ts";
import { may, type Session } from "../session.ts";
import type { State } from "../state.ts";
import { type Branch, h, type Tree } from "../tree.ts";
import { jobView } from "./job.ts";
import { breaksView, feedsView, writtenView } from "./lists.ts";
import { moneyView } from "./money.ts";
import { button, chip, whyForm } from "./parts.ts";
import { unattachedView } from "./unattached.ts";
import { waitingView } from "./waiting.ts";

/** The whole page as it follows from the state. */
export function pageOf(state: State): readonly Tree[] {
  const { session } = state;
  if (session === null) return [signIn(state)];
  return [
    top(state, session),
    h("main", { id: "main", "aria-busy": state.working ? "true" : "false" }, [
      notice(state),
      switchBar(state, session),
      silence(state),
      h("h1", { id: "title", tabindex: -1 }, titleOf(state)),
      ...view(state),
    ]),
  ];
}

/** What this place is called, on the page and in the tab. */
export function titleOf({ place }: State): string {
  if (place.at === "job") return `Job ${place.name}`;
  if (place.at === "money") return "Whose money disagrees";
  return sections.find(({ at }) => at === place.at)?.title ?? "";
}

function view(state: State): readonly (Tree | null)[] {
  switch (state.place.at) {
    case "money":
      return moneyView(state);
    case "waiting":
      return waitingView(state);
    case "breaks":
      return breaksView(state);
    case "unattached":
      return unattachedView(state);
    case "written":
      return writtenView(state);
    case "feeds":
      return feedsView(state);
    case "job":
      return jobView(state);
  }
}

function signIn(state: State): Branch {
  return h("main", { id: "main", class: "door" }, [
    h("img", { src: "mark.svg", alt: "", width: 48, height: 48 }),
    h("h1", { id: "title", tabindex: -1 }, "Plumbline"),
    h("p", {}, "Which jobs' money disagrees, by how many cents, and why."),
    notice(state),
    h(
      "form",
      {},
      [
        h("label", {}, [
          h("span", {}, "Your token"),
          h("input", { name: "token", type: "password", required: true, autocomplete: "off", "data-focus": true }),
        ]),
        h("button", { type: "submit", class: "primary" }, "Sign in"),
      ],
      { submit: { do: "sign-in" } },
    ),
    h(
      "p",
      { class: "quiet" },
      "The token the terminal takes as --token. It stays in this tab and goes nowhere but to the API.",
    ),
  ]);
}

function top(state: State, session: Session): Branch {
  const { board, place } = state;
  const heading = board
    ? `${board.company.name} · ${dayRange(board.days.from, board.days.to)}`
    : `${session.company} · …`;
  const asOf = board ? `as of ${moment(board.now, board.company.zone)}` : "";
  return h("header", {}, [
    h("a", { class: "skip", href: "#main" }, "Skip to the page"),
    h("div", { class: "bar" }, [
      h("img", { src: "mark.svg", alt: "Plumbline", width: 28, height: 28 }),
      h("p", { class: "company" }, [heading, h("span", { class: "quiet" }, ` ${asOf}`)]),
      h(
        "form",
        { role: "search" },
        [h("input", { name: "name", "aria-label": "Find a job by its number", placeholder: "Job number" })],
        { submit: { do: "find" } },
      ),
      button("Refresh", { do: "refresh" }, { disabled: state.working }),
      button(
        "Follow",
        { do: "follow" },
        { "aria-pressed": state.follow ? "true" : "false", title: "Asks again every ten seconds" },
      ),
      button("Sign out", { do: "sign-out" }, { class: "plain", title: `${session.sub}, ${session.role}` }),
    ]),
    h("nav", { "aria-label": "Sections" }, [
      ...sections.map(({ at, title }) =>
        h("a", { href: fragmentOf({ at }), "aria-current": place.at === at ? "page" : null }, [
          title,
          at === "waiting" && board && board.awaitingApproval > 0
            ? h("span", { class: "count" }, String(board.awaitingApproval))
            : null,
        ]),
      ),
    ]),
  ]);
}

/** Always there, so that a screen reader hears what is put in it. */
function notice({ said }: State): Branch {
  return h("p", { role: "status", class: said === null ? "unseen" : said.good ? "notice good" : "notice bad" }, [
    said?.text ?? "",
  ]);
}

/** Law 13 on the page: whether writes go, why not, and the switch for who may throw it. */
function switchBar({ board, asking, working }: State, session: Session): Branch | null {
  if (board === null) return null;
  const { stopped, why } = board.stopped;
  const mayThrow = may(session, calls.stop.role);
  if (stopped)
    return h("div", { class: "switch stopped", role: "alert" }, [
      h("p", {}, [h("b", {}, "All writes are stopped."), ` ${why ?? "No reason was given."}`]),
      mayThrow ? button("Let writes go again", { do: "resume" }, { disabled: working }) : null,
    ]);
  if (asking?.about === "stop")
    return h("div", { class: "switch" }, [
      whyForm("Why? Everybody is shown this. Reading goes on.", "Stop all writes", { do: "stop" }),
    ]);
  return h("div", { class: "switch" }, [
    chip("writes go", "good"),
    mayThrow ? button("Stop all writes …", { do: "ask", asking: { about: "stop" } }, { disabled: working }) : null,
  ]);
}

/** A green board over a dead feed is never shown: what is silent is said above everything. */
function silence({ board }: State): Branch | null {
  const silent = board?.connections.filter(({ fresh }) => !fresh) ?? [];
  const unread = board?.quarantined ?? 0;
  if (silent.length === 0 && unread === 0) return null;
  return h("div", { class: "trouble", role: "alert" }, [
    silent.length === 0
      ? null
      : h("p", {}, [
          h("b", {}, "Not fresh: "),
          `${silent.map(({ title, id }) => `${title} (${id})`).join(", ")}. What they said last may have changed.`,
        ]),
    unread === 0
      ? null
      : h("p", {}, `${unread} ${unread === 1 ? "record" : "records"} could not be read and wait in quarantine.`),
  ]);
}
