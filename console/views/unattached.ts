import { dayAndMonth } from "#shared/replies/days.ts";
import { sumsOf } from "#shared/replies/unattached.ts";
import type { State } from "../state.ts";
import { h, type Tree } from "../tree.ts";
import { type Column, counted, table, tellingOf, waitingFor } from "./parts.ts";

const columns: readonly Column[] = [
  { title: "Customer" },
  { title: "Record" },
  { title: "Day", as: "short" },
  { title: "Total", as: "right" },
  { title: "On no invoice", as: "right" },
  { title: "Balance", as: "right" },
];

/** Payments on no invoice and invoices without a job, customer by customer. */
export function unattachedView(state: State): readonly Tree[] {
  if (state.unattached === null) return [waitingFor("unattached money", state)];
  const { customers, more } = state.unattached;
  if (customers.length === 0) return [h("p", { class: "lede" }, "All money that was read belongs to a job.")];
  const { money, system } = tellingOf(state);
  const stated = (minor: number | null): string => (minor === null ? "not stated" : money(minor));
  const day = (printed: string | null): string => (printed === null ? "-" : dayAndMonth(printed));
  const rows = customers.flatMap(({ customer, name, payments, invoices }) => {
    const who = name ?? customer ?? "nobody named";
    return [
      ...payments.map((one) => [
        ...[who, `Payment in ${system(one.connection)}`, day(one.day)],
        ...[money(one.totalMinor), money(one.unappliedMinor), ""],
      ]),
      ...invoices.map((one) => [
        who,
        `Invoice${one.number === null ? "" : ` ${one.number}`} in ${system(one.connection)}${one.draft ? ", a draft" : ""}`,
        ...[day(one.day), stated(one.totalMinor), "", stated(one.balanceMinor)],
      ]),
    ];
  });
  const sums = sumsOf(customers);
  const said = `${counted(sums.payments, "payment")} with ${money(sums.unappliedMinor)} on no invoice, ${counted(sums.invoices, "invoice")} of ${money(sums.totalMinor)} without a job${more ? ", and more: the terminal lists them all" : ""}.`;
  return [h("p", { class: "lede" }, said), table("Money in no job, by customer", columns, rows)];
}
