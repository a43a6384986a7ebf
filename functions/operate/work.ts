import { Failure } from "#shared/domain/failure.ts";
import type { HttpReply, HttpRequest } from "#shared/runtime/http-api.ts";
import { assignBreak, explainBreak } from "./breaks.ts";
import { callState } from "./calls.ts";
import { applyConfig, type ConfigDeps } from "./configuration.ts";
import { acceptCutover, listCutover } from "./cutover.ts";
import { decide } from "./decisions.ts";
import { importLinks, listLinks, undoLinks } from "./links.ts";
import { at } from "./past.ts";
import { breaks, feeds, job, jobs, parked, plan, quarantine, quarantined, receipts, status } from "./reads.ts";
import { replay } from "./replay.ts";
import { type Asked, type Desk, personOf, Refused, routeOf } from "./request.ts";
import { acceptLink, rejectLink, reviewLinks, undoLink } from "./review.ts";
import type { RouteName } from "./routes.ts";
import { notSameCall, sameCall } from "./same-call.ts";
import { shadow } from "./shadow.ts";
import { resume, stop } from "./switches.ts";
import { unattached, unattachedCounts } from "./unattached.ts";

export interface OperateDeps extends ConfigDeps {
  /** The company's configuration and its ports; null for a company nobody configured. */
  companyOf(id: string): Promise<Desk | null>;
  /** Vendors' titles by vendor id, as people read them. */
  readonly titles: Readonly<Record<string, string>>;
}

type Answer = (desk: Desk, asked: Asked, deps: OperateDeps) => Promise<unknown>;

/** What answers each route but the one that may make a company. */
const answers: Readonly<Record<Exclude<RouteName, "applyConfig">, Answer>> = {
  status,
  jobs,
  job,
  at,
  breaks,
  explainBreak,
  assignBreak,
  plan,
  replay,
  shadow,
  approve: decide,
  reject: decide,
  feeds,
  quarantine,
  quarantined,
  parked,
  unattached,
  unattachedCounts,
  receipts,
  links: listLinks,
  importLinks,
  undoLinks,
  reviewLinks,
  acceptLink,
  rejectLink,
  undoLink,
  sameCall,
  notSameCall,
  cutover: listCutover,
  acceptCutover,
  callState,
  stop,
  resume,
  config: async ({ company }) => ({ company }),
};

/**
 * Answers one request: 200 with JSON, else 400 (what was sent does not fit), 403 (not this person's), 404, or 409 (a
 * decision was refused). Other failures are thrown, and become a 500.
 */
export async function operate(deps: OperateDeps, request: HttpRequest): Promise<HttpReply> {
  try {
    const { row, company } = routeOf(request.method, request.path);
    const person = personOf(request.claims, company, row.role);
    const asked: Asked = { route: row.name, person, query: request.query, body: request.body };
    if (row.name === "applyConfig") return { status: 200, json: await applyConfig(deps, asked) };
    const desk = await deps.companyOf(company);
    if (!desk) throw new Refused(404, `no company ${company} is configured`);
    return { status: 200, json: await answers[row.name](desk, asked, deps) };
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    if (error instanceof Failure && error.kind in statusOf)
      return { status: statusOf[error.kind] ?? 400, json: { error: error.message } };
    throw error;
  }
}

/** Failures of the stages that are the person's to mend. */
const statusOf: Readonly<Partial<Record<Failure["kind"], number>>> = { "bad-input": 400, missing: 404, conflict: 409 };
