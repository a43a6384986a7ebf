import { standingOf } from "#shared/replies/plan.ts";
import type { Seen } from "../action.ts";
import { calls } from "../calls.ts";
import { may } from "../session.ts";
import type { State } from "../state.ts";
import { type Branch, h, type Tree } from "../tree.ts";
import { button, counted, link, part, type Telling, tellingOf, waitingFor, whyForm } from "./parts.ts";

type Planned = NonNullable<State["plan"]>["intents"][number];

const groups = [
  { standing: "waits for you", title: "Waiting for your approval" },
  { standing: "task", title: "For you to do, where no API can" },
  { standing: "waits for its secrets", title: "Agreed; a terminal sends it, with what is never stored" },
  { standing: "approved", title: "Approved, on the way" },
  { standing: "goes by itself", title: "Goes by itself, by policy" },
  { standing: "rejected", title: "Rejected" },
] as const;

/** What is wanted at the vendors, by who has to act; each with what it would change, and what it costs. */
export function waitingView(state: State): readonly (Tree | null)[] {
  const { plan } = state;
  if (plan === null) return [waitingFor("the plan", state)];
  if (plan.intents.length === 0) return [h("p", { class: "lede" }, "Nothing is planned.")];
  const requests = Object.values(plan.requests).reduce((sum, count) => sum + count, 0);
  const { money } = tellingOf(state);
  return [
    h(
      "p",
      { class: "quiet" },
      `All of it: ${counted(requests, "request")} to vendors, ${money(plan.moneyMinor)} at stake.`,
    ),
    ...groups.map(({ standing, title }) =>
      part(
        title,
        plan.intents.filter((one) => standingOf(one) === standing).map((one) => intentCard(one, state)),
      ),
    ),
  ];
}

/** One intent: what and why in its own sentence, the change word for word, and the two answers where it waits for one. */
export function intentCard(intent: Planned, state: State): Branch {
  const telling = tellingOf(state);
  return h("article", { class: "card" }, [
    h("p", { class: "what" }, intent.sentence),
    h("p", { class: "quiet" }, [link(intent.job, intent.number), ` · ${costOf(intent, telling)}`]),
    intent.kind === "task" ? null : change(intent),
    intent.rejected === null
      ? null
      : h("p", { class: "quiet" }, `Rejected by ${intent.rejected.by}: ${intent.rejected.why}`),
    intent.approved === null ? null : h("p", { class: "quiet" }, `Approved by ${intent.approved.by}`),
    decision(intent, state, telling),
  ]);
}

function costOf(intent: Planned, { money, at, system }: Telling): string {
  const stake =
    intent.moneyMinor === 0
      ? []
      : [`${intent.kind === "task" ? "about" : "moves"} ${money(Math.abs(intent.moneyMinor))}`];
  const requests = intent.kind === "task" ? [] : [counted(intent.requests, "request")];
  return [system(intent.record.connection), ...stake, ...requests, `planned ${at(intent.plannedAt)}`].join(" · ");
}

function change({ target, read, wanted }: Planned): Branch {
  return h("p", { class: "change" }, [
    h("span", { class: "quiet" }, `${target}: `),
    h("del", {}, read === "" ? "nothing" : read),
    " → ",
    h("ins", {}, wanted),
  ]);
}

function decision(intent: Planned, { session, asking, working }: State, { money }: Telling): Branch | null {
  if (standingOf(intent) !== "waits for you" || session === null) return null;
  if (!may(session, calls.approve.role))
    return h("p", { class: "quiet" }, `Deciding needs the role ${calls.approve.role}; yours is ${session.role}.`);
  const seen: Seen = { job: intent.job, intent: intent.id, bound: intent.bound };
  if (asking?.about === "reject" && asking.seen.intent === intent.id)
    return whyForm("Why not?", "Reject", { do: "reject", seen });
  const of = intent.number ?? intent.job;
  const stake = intent.moneyMinor === 0 ? "Approve" : `Approve ${money(Math.abs(intent.moneyMinor))}`;
  return h("p", { class: "answers" }, [
    button(
      stake,
      { do: "approve", seen },
      { class: "primary", disabled: working, "aria-label": `${stake}, job ${of}` },
    ),
    button(
      "Reject …",
      { do: "ask", asking: { about: "reject", seen } },
      { disabled: working, "aria-label": `Reject, job ${of}` },
    ),
  ]);
}
