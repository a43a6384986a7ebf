import { breakKinds, breakStates } from "#shared/domain/break.ts";
import { referenceOf } from "#shared/domain/policy.ts";
import { compareInstants } from "#shared/domain/time.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";
import { boardLine, boardOf, feedLines } from "#shared/pipeline/board.ts";
import { findJobs } from "#shared/pipeline/decide.ts";
import { everyJob } from "#shared/pipeline/every-job.ts";
import { explain } from "#shared/pipeline/explain.ts";
import { isJob } from "#shared/pipeline/overview.ts";
import { depositsOf, sharedAmongAll, sharedWithOthers } from "#shared/pipeline/same-customer.ts";
import { plannedOf, standingIntents } from "#shared/pipeline/standing-plan.ts";
import { surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { type Asked, choiceOf, connectionAsked, type Desk, Refused } from "./request.ts";
import type { OperateDeps } from "./work.ts";

const standings = ["agree", "disagree", "waiting", "not-comparable"] as const;

export async function status({ company, ports }: Desk, _asked: Asked, { titles }: OperateDeps): Promise<object> {
  const [surroundings, states, feeds, quarantined, parkedOnes, stopped] = await Promise.all([
    surroundingsOf(ports, company),
    everyJob(ports.jobs, "all"),
    ports.feeds.all(),
    ports.quarantine.count(),
    ports.claims.parked(),
    ports.control.state(),
  ]);
  return boardOf({
    company,
    surroundings,
    states,
    deposits: await depositsOf(ports, states),
    feeds,
    describer: ports.describer,
    titles,
    stopped: { stopped: stopped.stopped, why: stopped.why },
    quarantined,
    parked: parkedOnes.length,
  });
}

/** A page of jobs; the filters apply within the page, so a page may be short and still have a next one. */
export async function jobs({ company, ports }: Desk, asked: Asked): Promise<object> {
  const standing = choiceOf(asked, "standing", standings);
  const connection = connectionAsked(asked, company);
  const surroundings = await surroundingsOf(ports, company);
  const page = await ports.jobs.list(asked.query["next"] ?? null);
  const own = page.jobs.map(({ state }) => state).filter((state) => isJob(state, company));
  const lines = (await sharedWithOthers(ports, company, own))
    .map((state) => boardLine(state, company, surroundings))
    .filter((line) => standing === null || line.standing === standing)
    .filter((line) => connection === null || line.connections.includes(connection));
  return { jobs: lines, next: page.next };
}

export async function job({ company, ports }: Desk, asked: Asked, { titles }: OperateDeps): Promise<object> {
  const name = asked.query["name"];
  if (!name)
    throw new Refused(400, "name: expected a job id, connection:number, or a number", {
      problems: [{ path: "name", expected: "a job id, connection:number, or a number" }],
    });
  const found = await findJobs(ports, company, name);
  if (found.length === 0) throw new Refused(404, `no job is called ${name}`);
  const surroundings = await surroundingsOf(ports, company);
  const explained = await Promise.all(
    (await sharedWithOthers(ports, company, found)).map(async (state) =>
      explain(state, await ports.jobs.history(state.id), company, surroundings, titles),
    ),
  );
  return { jobs: explained };
}

/** Breaks that are not resolved; `state=resolved` looks through every job. */
export async function breaks({ company, ports }: Desk, asked: Asked): Promise<object> {
  const state = choiceOf(asked, "state", breakStates);
  const kind = choiceOf(asked, "kind", breakKinds);
  const reference = referenceOf(company)?.id;
  const states = await everyJob(ports.jobs, state === "resolved" ? "all" : "open");
  const rows = (await sharedAmongAll(ports, company, states)).flatMap((one) =>
    one.breaks
      .filter((known) => (state === null ? known.state !== "resolved" : known.state === state))
      .filter((known) => kind === null || known.kind === kind)
      .map((known) => ({ job: one.id, number: numberOf(viewOf(one), reference), ...known })),
  );
  return {
    breaks: rows.sort((a, b) => Math.abs(b.gapMinor) - Math.abs(a.gapMinor) || compareInstants(a.since, b.since)),
  };
}

/** What stands planned, as the planner left it; nothing is sent. */
export async function plan({ company, ports }: Desk, asked: Asked): Promise<object> {
  const connection = connectionAsked(asked, company);
  const name = asked.query["job"];
  const states = name ? await findJobs(ports, company, name) : await everyJob(ports.jobs, "open");
  if (name && states.length === 0) throw new Refused(404, `no job is called ${name}`);
  return plannedOf(
    standingIntents(states, company).filter((one) => connection === null || one.record.connection === connection),
  );
}

export async function feeds({ company, ports }: Desk): Promise<object> {
  const now = await ports.clock.now();
  return { now, feeds: feedLines(company, await ports.feeds.all(), ports.describer, now) };
}

export async function quarantine({ ports }: Desk): Promise<object> {
  return { records: await ports.quarantine.list() };
}

/** One of them with its payload: the vendor's own text where it is known, and `form` says whether it is. */
export async function quarantined({ ports }: Desk, asked: Asked): Promise<object> {
  const key = asked.query["key"];
  if (!key)
    throw new Refused(400, "key: expected a key of the quarantine's list", {
      problems: [{ path: "key", expected: "a key of the quarantine's list" }],
    });
  return ports.quarantine.read(key);
}

export async function parked({ ports }: Desk): Promise<object> {
  const claims = await ports.claims.parked();
  return { records: claims.map(({ record, parked: why }) => ({ record, why })) };
}

/** What became of every write, newest first. */
export async function receipts({ company, ports }: Desk, asked: Asked): Promise<object> {
  const connection = connectionAsked(asked, company);
  const reference = referenceOf(company)?.id;
  const states = await everyJob(ports.jobs, "all");
  const rows = states.flatMap((state) =>
    state.receipts.map((receipt) => ({ job: state.id, number: numberOf(viewOf(state), reference), ...receipt })),
  );
  return {
    receipts: rows
      .filter((row) => connection === null || row.record.connection === connection)
      .sort((a, b) => compareInstants(b.at, a.at)),
  };
}
