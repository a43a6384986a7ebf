import type { Vocabulary } from "#shared/connectors/connector.ts";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { Crew } from "#shared/domain/fields.ts";
import { parseRecordKey, recordKey } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type ConnectionConfig, type MergeField, modeOf, type WriteTarget, zoneOf } from "#shared/domain/policy.ts";
import type { StatusWord } from "#shared/domain/status.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import { visitsOf } from "#shared/domain/view.ts";
import { type DayWindow, windowElsewhere } from "#shared/domain/windows.ts";
import { wayOf, withinAbilities } from "./abilities.ts";
import type { Context } from "./context.ts";
import type { MergedSide } from "./merge.ts";
import { completedElsewhere } from "./words.ts";

/** What merging left for planning: agreed meanings, and how each record stands to them. */
export interface Standing {
  readonly agreed: Readonly<Partial<Record<MergeField, unknown>>>;
  readonly sides: Readonly<Partial<Record<MergeField, readonly MergedSide[]>>>;
  readonly moneyOpen: boolean;
  /** Fields frozen by law 9. */
  readonly frozen: readonly MergeField[];
}

/** A wanted change before it gets its identity, its approval and its time. */
export interface Wanted {
  readonly kind: "write" | "task";
  readonly target: WriteTarget;
  readonly record: Intent["record"];
  readonly read: string;
  readonly wanted: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly moneyMinor: number;
  readonly requests: number;
  /** A person has to agree whatever the mode. */
  readonly ask: boolean;
  readonly sentence: string;
}

/** The changes wanted now so that every record that can be written agrees. Pure. */
export function wantedChanges(state: JobState, view: View, standing: Standing, context: Context): readonly Wanted[] {
  const wanted: Wanted[] = [];
  for (const root of view.roots) {
    if (!root.live) continue;
    const connection = context.company.connections.find((candidate) => candidate.id === root.connection);
    const vocabulary = context.vocabularies[root.connection];
    if (!connection || !vocabulary) continue;
    const plan: Plan = { root, connection, vocabulary, state, view, standing, context };
    wanted.push(...statusChange(plan), ...scheduleChange(plan), ...crewChange(plan), ...referenceChange(plan));
  }
  return wanted.map((one) => withinAbilities(one, context));
}

interface Plan {
  readonly root: Seen<JobFacts>;
  readonly connection: ConnectionConfig;
  readonly vocabulary: Vocabulary;
  readonly state: JobState;
  readonly view: View;
  readonly standing: Standing;
  readonly context: Context;
}

/** How the record stands in these fields: null when it agrees, is silent, held or frozen. */
function disagreement(
  plan: Plan,
  fields: readonly MergeField[],
): { readonly ask: boolean; readonly fields: readonly MergeField[] } | null {
  const behind: MergeField[] = [];
  let ask = false;
  for (const field of fields) {
    const side = plan.standing.sides[field]?.find((candidate) => candidate.record === plan.root.key);
    if (!side) continue;
    if (side.held) return null;
    if (side.agrees || side.silent || plan.standing.frozen.includes(field)) continue;
    behind.push(field);
    ask ||= side.ask;
  }
  return behind.length === 0 ? null : { ask, fields: behind };
}

function mayPlan(plan: Plan, target: WriteTarget): boolean {
  return modeOf(plan.connection, target) !== "observe";
}

function change(
  plan: Plan,
  target: WriteTarget,
  wanted: Omit<Wanted, "kind" | "target" | "record" | "moneyMinor" | "requests">,
): Wanted {
  const api = wayOf(plan.vocabulary, target) === "api";
  return {
    kind: api ? "write" : "task",
    target,
    record: plan.root.observation.record,
    moneyMinor: 0,
    requests: api ? 3 : 0,
    ...wanted,
  };
}

function statusChange(plan: Plan): readonly Wanted[] {
  const stands = disagreement(plan, ["work", "billing"]);
  if (!stands) return [];
  const how = wayOf(plan.vocabulary, "status");
  if (how === "none" || (how === "api" && !mayPlan(plan, "status"))) return [];
  const { work, billing } = agreedStates(plan);
  const { root, vocabulary } = plan;
  const now = root.facts.work.word ?? "";
  if (how === "task" || (work !== null && work.every((state) => vocabulary.noWord.includes(state)))) {
    if (work === null || !stands.fields.includes("work")) return [];
    const wanted = work.join(" or ");
    const sentence = vocabulary.task("status", wanted);
    return sentence === ""
      ? []
      : [
          {
            ...change(plan, "status", {
              read: now,
              wanted,
              arguments: {},
              ask: true,
              sentence: `${nameOf(root)}: ${sentence}`,
            }),
            kind: "task",
            requests: 0,
          },
        ];
  }
  const current = vocabulary.statusWords.find((row) => row.word === now);
  const row = writableWord(vocabulary.statusWords, work, billing, now);
  if (!row || row.word === now) return [];
  const backward = current !== undefined && row.order < current.order;
  const schedule = agreedWindow(plan);
  return [
    change(plan, "status", {
      read: now,
      wanted: row.word,
      arguments: {
        completedAt: completedElsewhere(plan.view, root.connection),
        ...(schedule && row.write?.work.includes("scheduled") ? { schedule } : {}),
      },
      ask: stands.ask || backward || current?.pinned === true,
      sentence: `${nameOf(root)}: ${now || "no word"} becomes ${row.word}, because the job is ${[work?.join(" or "), billing?.join(" or ")].filter(Boolean).join(", ")}`,
    }),
  ];
}

/** No billing is planned for a job whose money is open: the word would say what the money does not yet. */
function agreedStates(plan: Plan): { work: readonly string[] | null; billing: readonly string[] | null } {
  const states = (field: "work" | "billing"): readonly string[] | null =>
    (plan.standing.agreed[field] as readonly string[] | undefined) ?? null;
  return { work: states("work"), billing: plan.standing.moneyOpen ? null : states("billing") };
}

/** Read wide, write narrow: the first word in the vendor's order that lies inside what is agreed, else that meets it. */
export function writableWord(
  words: readonly StatusWord[],
  work: readonly string[] | null,
  billing: readonly string[] | null,
  now: string,
): StatusWord | null {
  const meets = (set: readonly string[], agreed: readonly string[] | null): boolean =>
    agreed === null || set.some((state) => agreed.includes(state));
  const inside = (set: readonly string[], agreed: readonly string[] | null): boolean =>
    agreed === null || set.every((state) => agreed.includes(state));
  const candidates = words
    .filter((row) => row.write !== undefined && (row.write.onlyFrom === undefined || row.write.onlyFrom.includes(now)))
    .filter((row) => row.write && meets(row.write.work, work) && meets(row.write.billing, billing))
    .sort((a, b) => a.order - b.order);
  return (
    candidates.find((row) => row.write && inside(row.write.work, work) && inside(row.write.billing, billing)) ??
    candidates[0] ??
    null
  );
}

function scheduleChange(plan: Plan): readonly Wanted[] {
  const stands = disagreement(plan, ["schedule"]);
  const agreed = agreedWindow(plan);
  const how = wayOf(plan.vocabulary, "schedule");
  if (!stands || !agreed || how === "none" || !mayPlan(plan, "schedule")) return [];
  // Some vendors print it on the job, others on its visits: the writer knows which.
  const visits = plan.view.visits.filter((visit) => visit.live && visit.observation.hangsOn.includes(plan.root.key));
  const zone = zoneOfRoot(plan);
  const { company } = plan.context;
  // The writer knows its connection's zone; a part of the company that keeps another clock is named to it.
  const given = { schedule: agreed, ...(zone === zoneOf(company, plan.connection) ? {} : { zone }) };
  const wanted = windowText(agreed);
  const read = plan.context.shows(
    { target: "schedule", record: plan.root.observation.record, arguments: given, wanted },
    [plan.root, ...visits].map(({ observation }) => observation),
  );
  // A clock that cannot say more than it shows is not written again.
  if (read === wanted) return [];
  const where = zone === company.zone ? "" : ` (${zone})`;
  return [
    change(plan, "schedule", {
      read,
      wanted,
      arguments: given,
      ask: stands.ask,
      sentence: `${nameOf(plan.root)}: moves from ${read} to ${wanted}${where}`,
    }),
  ];
}

/** The agreed window, kept on the company's wall clock, as the record's own system says it. */
function agreedWindow(plan: Plan): DayWindow | undefined {
  const agreed = plan.standing.agreed.schedule as DayWindow | undefined;
  return agreed && windowElsewhere(agreed, plan.context.company.zone, zoneOfRoot(plan));
}

/** Zone of the part of the company that the job belongs to, else of the connection, else of the company. */
function zoneOfRoot({ root, connection, context }: Plan): string {
  return root.facts.zone ?? zoneOf(context.company, connection);
}

/** `2026-11-04 09:00-11:00`; what is not known is left out. */
export function windowText(window: DayWindow): string {
  const hours =
    window.start === null ? "" : window.end === null ? ` ${window.start}` : ` ${window.start}-${window.end}`;
  return `${window.day ?? ""}${hours}`;
}

/** First those who are missing are assigned; only then those who left are taken off (two receipts). */
function crewChange(plan: Plan): readonly Wanted[] {
  const stands = disagreement(plan, ["assignees"]);
  const agreed = plan.standing.agreed.assignees as Crew | undefined;
  if (
    !stands ||
    !agreed ||
    agreed.are !== "all" ||
    wayOf(plan.vocabulary, "assignees") !== "api" ||
    !mayPlan(plan, "assignees")
  )
    return [];
  const { state, root, view } = plan;
  const records = view.assignments.filter(
    (assignment) => assignment.live && assignment.observation.hangsOn.includes(root.key),
  );
  const assigned = new Map(
    records.flatMap(({ facts }) =>
      facts.technician.record
        ? [[state.people[recordKey(facts.technician.record)] ?? "", facts.technician.record]]
        : [],
    ),
  );
  const recordOf = (person: string): Intent["record"] | null => {
    const key = Object.keys(state.people).find(
      (candidate) => state.people[candidate] === person && candidate.startsWith(`${root.connection}/`),
    );
    if (!key) return null;
    return parseRecordKey(key);
  };
  const visit =
    visitsOf(view, root.key).find((candidate) => candidate.facts.state !== "done") ?? visitsOf(view, root.key).at(-1);
  const missing = agreed.people.filter((person) => !assigned.has(person));
  const surplus = [...assigned.keys()].filter((person) => !agreed.people.includes(person));
  const action = missing.length > 0 ? "assign" : "unassign";
  return (missing.length > 0 ? missing : surplus).flatMap((person): Wanted[] => {
    const technician = action === "assign" ? recordOf(person) : (assigned.get(person) ?? null);
    if (!technician || !visit) return [];
    return [
      change(plan, "assignees", {
        read: action === "assign" ? "not assigned" : "assigned",
        wanted: action === "assign" ? "assigned" : "not assigned",
        arguments: { action, technicianId: technician.id, appointmentId: visit.observation.record.id },
        ask: stands.ask,
        sentence: `${nameOf(root)}: ${action} technician ${technician.id}`,
      }),
    ];
  });
}

function referenceChange(plan: Plan): readonly Wanted[] {
  const stands = disagreement(plan, ["reference"]);
  const agreed = plan.standing.agreed.reference as string | undefined;
  if (!stands || !agreed || wayOf(plan.vocabulary, "reference") !== "api" || !mayPlan(plan, "reference")) return [];
  const read = plan.root.facts.reference ?? "";
  return [
    change(plan, "reference", {
      read,
      wanted: agreed,
      arguments: {},
      ask: stands.ask,
      sentence: `${nameOf(plan.root)}: customer reference becomes ${agreed}`,
    }),
  ];
}

export function nameOf(root: Seen<JobFacts>): string {
  return `${root.connection} ${root.facts.number ?? root.observation.record.id}`;
}
