import type { OperationRow } from "../connector.ts";
import * as attachments from "./attachments.ts";
import * as customers from "./operations-customers.ts";
import * as jobs from "./operations-jobs.ts";
import * as money from "./operations-money.ts";
import * as office from "./operations-office.ts";
import * as projects from "./operations-projects.ts";
import * as picks from "./pick-lists.ts";
import { rawRequest } from "./raw-request.ts";

const { createInstalledEquipmentAttachment, listInstalledEquipmentAttachments } = attachments;

/**
 * The whole table, by key: the document's 58 actions and 9 pick lists under their keys as printed, the right spelling
 * of one of them, four export feeds and the reschedule endpoint.
 */
export const servicetitan = {
  ...jobs,
  ...projects,
  ...customers,
  ...money,
  ...office,
  ...picks,
  createInstalledEquipmentAttachment,
  listInstalledEquipmentAttachments,
  rawRequest,
} as const;

export type OperationKey = keyof typeof servicetitan;

export const operations: readonly OperationRow[] = Object.values(servicetitan).map((one) => one.row);
