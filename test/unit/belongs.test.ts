import { describe, expect, test } from "vitest";
import { ofThisJob } from "#shared/domain/belongs.ts";
import type { InvoiceFacts } from "#shared/domain/facts.ts";
import { on } from "#test/support/job-with.ts";
import { invoice, root } from "#test/support/money-view.ts";

const s1 = { connection: "s1" };
const project = { connection: "s1", stream: "projects", id: "7" };
const own = root({}, { ...s1, id: "1" });
const bill = (id: string, parents: readonly string[], facts: Partial<InvoiceFacts> = {}, connection = "s1") => {
  const one = on(invoice({ total: 1, ...facts }, { connection, id }), parents[0] ?? "");
  return { ...one, observation: { ...one.observation, hangsOn: [...parents] } };
};
const keysOf = (roots: readonly ReturnType<typeof root>[], invoices: readonly ReturnType<typeof bill>[]) =>
  ofThisJob({ roots, invoices }).map(({ key }) => key);

describe("an invoice bills this job", () => {
  test.each([
    ["that hangs on its record", [bill("1", ["s1/jobs/1"])], ["s1/invoices/1"]],
    ["that hangs on another's", [bill("1", ["s1/jobs/2"])], []],
    ["that hangs on its record and another's", [bill("1", ["s1/jobs/2", "s1/jobs/1"])], ["s1/invoices/1"]],
    ["that hangs on nothing any more", [bill("1", [])], []],
    ["of a system without a record here", [bill("1", ["s2/jobs/9"], {}, "s2")], ["s2/invoices/1"]],
    [
      "that adjusts one that does",
      [bill("1", ["s1/jobs/1"]), bill("2", ["s1/invoices/1"])],
      ["s1/invoices/1", "s1/invoices/2"],
    ],
    ["that adjusts one that has left", [bill("1", ["s1/jobs/2"]), bill("2", ["s1/invoices/1"])], []],
    [
      "that adjusts one that has left and one that has not",
      [bill("1", ["s1/jobs/2"]), bill("2", ["s1/jobs/1"]), bill("3", ["s1/invoices/1", "s1/invoices/2"])],
      ["s1/invoices/2", "s1/invoices/3"],
    ],
    ["of which two adjust each other", [bill("1", ["s1/invoices/2"]), bill("2", ["s1/invoices/1"])], []],
    ["that adjusts itself", [bill("1", ["s1/invoices/1"])], []],
    ["of a project it is no part of", [bill("1", ["s1/projects/7"], { unit: project })], []],
  ])("%s", (_name, invoices, keys) => expect(keysOf([own], invoices)).toEqual(keys));
  test("of a project it is a part of", () => {
    const part = root({ unit: project }, { ...s1, id: "1" });
    expect(keysOf([part], [bill("1", ["s1/projects/7"], { unit: project })])).toEqual(["s1/invoices/1"]);
  });
});
