import { type Act, act, id } from "./act.ts";
import type { Row } from "./vendors.ts";

/** The payment changes the balance of its invoice, whose modified time stands still. */
export function officePay(minute: number, job: number): Act {
  return act(minute, `office: job ${job} is paid`, (books) => {
    const invoice = books.get("st.invoices", id(700, job));
    const amount = typeof invoice?.["total"] === "string" ? invoice["total"] : "0.00";
    const appliedTo = [{ appliedTo: 700 + job, appliedAmount: amount }];
    const row = { total: amount, unappliedAmount: "0.00", appliedTo };
    books.put("st.payments", id(800, job), { ...payment(800, job), ...row }, "person");
    books.put("st.invoices", id(700, job), { balance: "0.00" }, "person", true);
  });
}

export function paymentMoves(minute: number, job: number, to: number): Act {
  return act(minute, `office: the payment of job ${job} moves to job ${to}`, (books) => {
    const known = books.get("st.payments", id(800, job));
    if (!known) return;
    const invoice = books.get("st.invoices", id(700, job));
    const appliedTo = [{ appliedTo: 700 + to, appliedAmount: known["total"] }];
    books.put("st.payments", id(800, job), { appliedTo }, "person");
    books.put("st.invoices", id(700, job), { balance: invoice?.["total"] }, "person", true);
  });
}

const aheadMinor = 20_000;

/** The customer of a job pays before there is an invoice to lay it on. */
export function paysAhead(minute: number, job: number): Act {
  return act(minute, `office: the customer of job ${job} pays ahead`, (books) => {
    if (books.get("st.payments", id(850, job))) return;
    const row = { total: printed(aheadMinor), unappliedAmount: printed(aheadMinor), appliedTo: [] };
    books.put("st.payments", id(850, job), { ...payment(850, job), ...row }, "person");
  });
}

/** What was paid ahead, or a part of it, is applied to the job's invoice. */
export function restApplied(minute: number, job: number, minor: number): Act {
  return act(minute, `office: ${printed(minor)} paid ahead are applied to job ${job}`, (books) => {
    if (!books.get("st.payments", id(850, job))) return;
    const appliedTo = [{ appliedTo: 700 + job, appliedAmount: printed(minor) }];
    const unappliedAmount = printed(aheadMinor - minor);
    books.put("st.payments", id(850, job), { appliedTo, unappliedAmount }, "person");
  });
}

export function takenBack(minute: number, job: number): Act {
  return act(minute, `office: what was paid ahead for job ${job} is deleted`, (books) => {
    if (books.get("st.payments", id(850, job))) books.put("st.payments", id(850, job), { active: false }, "person");
  });
}

export function toAnotherCustomer(minute: number, job: number, to: number): Act {
  return act(minute, `office: what was paid ahead for job ${job} was customer ${40 + to}'s`, (books) => {
    if (books.get("st.payments", id(850, job)))
      books.put("st.payments", id(850, job), { customer: { id: 40 + to } }, "person");
  });
}

function payment(from: number, job: number): Row {
  return { id: from + job, customer: { id: 40 + job }, type: "Check", active: true, date: "2026-11-02T00:00:00Z" };
}

export const printed = (minor: number): string => (minor / 100).toFixed(2);
