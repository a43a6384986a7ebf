import type { OperationRow } from "../connector.ts";
import { rowsOf } from "../operation.ts";
import { createInstalledEquipmentAttachment, listInstalledEquipmentAttachments } from "./attachments.ts";
import { looks } from "./looks.ts";
import { bookingOperations } from "./operations-bookings.ts";
import { customerOperations } from "./operations-customers.ts";
import { invoiceOperations } from "./operations-invoices.ts";
import { jobOperations } from "./operations-jobs.ts";
import { officeOperations } from "./operations-office.ts";
import { paymentOperations } from "./operations-payments.ts";
import { projectOperations } from "./operations-projects.ts";
import { pickLists } from "./pick-lists.ts";
import { rawRequest } from "./raw-request.ts";

/**
 * The whole table, by key: the document's 58 actions and 9 pick lists under their keys as printed, the right spelling
 * of one of them, four export feeds and the reschedule endpoint.
 */
export const servicetitan = {
  ...jobOperations,
  ...projectOperations,
  ...bookingOperations,
  ...customerOperations,
  ...invoiceOperations,
  ...paymentOperations,
  ...officeOperations,
  ...pickLists,
  createInstalledEquipmentAttachment,
  listInstalledEquipmentAttachments,
  rawRequest,
} as const;

export const operations: readonly OperationRow[] = rowsOf(Object.values(servicetitan), looks);
