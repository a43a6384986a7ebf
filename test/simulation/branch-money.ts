import { type Act, act } from "./act.ts";
import { printed } from "./payments.ts";

const billedMinor = 31_250;

/** The branch bills a job by itself, for what the office charges. */
export function branchBills(minute: number, job: number): Act {
  return act(minute, `branch: job ${job} is billed`, (books) => {
    const total = Number(printed(billedMinor));
    const row = { uuid: `i${job}`, invoice_number: `I-${job}`, job_uuid: `b${job}`, invoice_type: "Full" };
    books.put("ctc.invoices", `i${job}`, { ...row, total_amount: total, status: "Pending" }, "person");
  });
}

/** Somebody types a payment of the branch's bill: the whole of it, or a part. */
export function branchTakes(minute: number, job: number, minor: number): Act {
  return act(minute, `branch: ${printed(minor)} are taken for job ${job}`, (books) => {
    if (!books.get("ctc.invoices", `i${job}`)) return;
    const row = { uuid: `t${job}`, invoice_uuid: `i${job}`, amount: Number(printed(minor)), status: "Completed" };
    books.put("ctc.payments", `t${job}`, { ...row, reference_number: "check 1042" }, "person");
  });
}
