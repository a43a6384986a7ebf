import type { OperationRow } from "../connector.ts";
import { rowsOf } from "../operation.ts";
import { looks } from "./looks.ts";
import {
  createCustomer,
  deleteCustomer,
  getCompany,
  getCustomer,
  listCustomers,
  updateCustomer,
} from "./operations-customers.ts";
import { createJob, deleteJob, getJob, listJobs, updateJob } from "./operations-jobs.ts";
import {
  createInvoice,
  createPayment,
  deleteInvoice,
  deletePayment,
  getInvoice,
  getPayment,
  listInvoices,
  listPayments,
  previewInvoice,
  updateInvoice,
  updatePayment,
} from "./operations-money.ts";

export * from "./operations-customers.ts";
export * from "./operations-jobs.ts";
export * from "./operations-money.ts";

/** Every operation of the API reference for jobs, invoices, payments and customers. */
export const operations: readonly OperationRow[] = rowsOf(
  [
    listJobs,
    getJob,
    createJob,
    updateJob,
    deleteJob,
    listInvoices,
    getInvoice,
    previewInvoice,
    createInvoice,
    updateInvoice,
    deleteInvoice,
    listPayments,
    getPayment,
    createPayment,
    updatePayment,
    deletePayment,
    listCustomers,
    getCustomer,
    createCustomer,
    updateCustomer,
    deleteCustomer,
    getCompany,
  ],
  looks,
);
