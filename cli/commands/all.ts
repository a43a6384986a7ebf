import type { Command } from "../command.ts";
import { at } from "./at.ts";
import { breaks, breaksAssign, breaksExplain } from "./breaks.ts";
import { call } from "./call.ts";
import { configApply, configCheck, configSchemaPrinted } from "./config.ts";
import { cutoverAccept, cutoverExport } from "./cutover.ts";
import { approve, reject } from "./decide.ts";
import { explain } from "./explain.ts";
import { feeds } from "./feeds.ts";
import { jobs } from "./jobs.ts";
import { linksExport, linksImport, linksUndo } from "./links.ts";
import { parked, quarantine, receipts } from "./lists.ts";
import { operations } from "./operations.ts";
import { plan } from "./plan.ts";
import { replay } from "./replay.ts";
import { linksAccept, linksLink, linksReject, linksReview, linksUnlink } from "./review.ts";
import { linksNotSame, linksSame } from "./same-call.ts";
import { shadow } from "./shadow.ts";
import { status } from "./status.ts";
import { resume, stop } from "./switch.ts";
import { unattached } from "./unattached.ts";

/** Every command of `plumbline`, in the order of its help. */
export const commands: readonly Command[] = [
  status,
  jobs,
  breaks,
  breaksExplain,
  breaksAssign,
  explain,
  at,
  plan,
  approve,
  reject,
  replay,
  shadow,
  receipts,
  feeds,
  quarantine,
  parked,
  unattached,
  linksImport,
  linksExport,
  linksUndo,
  linksReview,
  linksAccept,
  linksReject,
  linksLink,
  linksUnlink,
  linksSame,
  linksNotSame,
  cutoverExport,
  cutoverAccept,
  stop,
  resume,
  configCheck,
  configApply,
  configSchemaPrinted,
  operations,
  call,
];
