import { describe, expect, test } from "vitest";
import { recordKey } from "#shared/domain/ids.ts";
import type { JobState, Link } from "#shared/domain/job.ts";
import * as z from "#shared/domain/schema.ts";
import type { Describer } from "#shared/pipeline/arrive.ts";
import {
  type CrosswalkEntry,
  type CrosswalkRow,
  countsOf,
  crosswalkRowSchema,
  entryOf,
  type Judged,
  judgeRows,
  linkRows,
  misfits,
  ruleLink,
  type Standing,
} from "#shared/pipeline/crosswalk.ts";
import { streamOf } from "#test/support/linking-world.ts";
import { companyOf, systemClasses, vocabularyOf } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";
import { now, standingJob } from "#test/support/standing-job.ts";

/** Records are named by one letter: `a` is s1/jobs/a. */
const keyOf = (id: string): string => `s1/jobs/${id}`;
const row = (key: string, id: string, more: Partial<CrosswalkRow> = {}): CrosswalkRow => ({
  ...{ kind: "job", key, connection: "s1", stream: "jobs", id, note: "" },
  ...more,
});
const entry = (key: string, more: Partial<CrosswalkEntry> = {}): CrosswalkEntry => ({
  ...{ kind: "job", key, note: "", batch: "b1", by: "ana", at: now, from: null, person: null },
  ...more,
});
const link = (record: string, rule: Link["rule"], more: Partial<Link> = {}): Link => ({
  ...{ record, rule, evidence: [], at: now, batch: null },
  ...more,
});

/** Which letters were seen and in which jobs (`ab c`: a and b are one), and what was imported (`a` under `1`). */
function world(jobs: string, imported: Readonly<Record<string, CrosswalkEntry>> = {}, byRule = "") {
  const standings = new Map<string, Standing>();
  for (const group of jobs.split(" ").filter((one) => one !== ""))
    for (const id of group) {
      const mates = group
        .split("")
        .filter((other) => other !== id)
        .map(keyOf);
      const was = byRule.includes(id) ? { rule: "people-and-day" as const, evidence: ["same day"] } : null;
      standings.set(keyOf(id), { seen: true, group: `j-${group}`, mates, was });
    }
  const entries = new Map(Object.entries(imported).map(([id, one]) => [keyOf(id), one]));
  return { standings, entries };
}
const judged = (rows: readonly CrosswalkRow[], { standings, entries }: ReturnType<typeof world>): readonly Judged[] =>
  judgeRows(rows, standings, entries);
const fates = (found: readonly Judged[]): string =>
  found.map(({ record, fate }) => `${record.at(-1)} ${fate}`).join(", ");

describe("what each row of a file comes to", () => {
  const one = entry("1");
  const abc = [row("1", "a"), row("1", "b"), row("1", "c")];
  const ab = abc.slice(0, 2);
  test.each<[string, readonly CrosswalkRow[], ReturnType<typeof world>, string]>([
    ["two jobs are to become one", ab, world("a b"), "a new, b new"],
    ["nothing of it was seen", ab, world(""), "a unknown, b unknown"],
    ["one was seen, and waits for the other", ab, world("a"), "a new, b unknown"],
    ["they are one job already", ab, world("ab"), "a same, b same"],
    ["two are one, and a third comes later", abc, world("ab"), "a new, b new, c unknown"],
    ["two are one, and the third another", abc, world("ab c"), "a new, b new, c new"],
    ["a row alone", abc.slice(0, 1), world("a"), "a same"],
    ["it was imported, nothing seen yet", ab, world("", { a: one, b: one }), "a same, b same"],
    ["it was imported, one seen", ab, world("a", { a: one, b: one }), "a same, b same"],
    ["it was imported and parted since", ab, world("a b", { a: one, b: one }), "a new, b new"],
    ["a third joins two that were imported", abc, world("ab c", { a: one, b: one }), "a same, b same, c new"],
    ["a third, not seen, joins them", abc, world("ab", { a: one, b: one }), "a same, b same, c unknown"],
    [
      "all of what was imported moves to another key",
      ab,
      world("ab", { a: entry("2"), b: entry("2") }),
      "a same, b same",
    ],
    ["a rule linked it, and a person says so", ab, world("ab", {}, "b"), "a same, b confirmed"],
    ["a rule linked it, and it was said before", ab, world("ab", { a: one, b: one }, "b"), "a same, b same"],
    ["a rule linked two, a third comes to them", abc, world("ab c", {}, "b"), "a new, b new, c new"],
    [
      "a rule linked it, and the file is the one that was written",
      [row("j-ab", "a"), row("j-ab", "b")],
      world("ab", {}, "ab"),
      "a same, b same",
    ],
  ])("%s", (_name, rows, standing, said) => expect(fates(judged(rows, standing))).toBe(said));

  test("a customer and a job of one key are two things", () => {
    const rows = [row("1", "a"), row("1", "b", { kind: "customer" })];
    expect(judged(rows, world("")).map(({ thing, record }) => [thing, record])).toEqual([
      ["job:1", "s1/jobs/a"],
      ["customer:1", "s1/jobs/b"],
    ]);
    expect(fates(judged([row("1", "a"), row("1", "b"), row("1", "c", { kind: "customer" })], world("ab c")))).toBe(
      "a same, b same, c same",
    );
  });
  test("every row is counted once, by what it comes to", () => {
    const found = judged(
      [row("1", "a"), row("1", "b"), row("2", "c"), row("3", "d"), row("4", "d")],
      world("ab d", {}, "b"),
    );
    expect(fates(found)).toBe("a same, b confirmed, c unknown, d conflicting, d conflicting");
    expect(countsOf(found)).toEqual({ new: 0, same: 1, confirmed: 1, conflicting: 2, unknown: 1 });
    expect(countsOf(judged([row("1", "a"), row("1", "b")], world("a b")))).toMatchObject({ new: 2, same: 0 });
  });
});

describe("a conflict", () => {
  const whys = (rows: readonly CrosswalkRow[], standing: ReturnType<typeof world>) =>
    judged(rows, standing).map(({ why, fate }) => [fate, why]);
  const two = entry("2", { batch: "b7" });

  test("is a record under two keys of one file, and the rest of each thing goes on without it", () => {
    const rows = [row("1", "a"), row("1", "b"), row("2", "b"), row("2", "c"), row("3", "b")];
    expect(whys(rows, world("a b c"))).toEqual([
      ["same", null],
      ["conflicting", "it also stands under job:2, job:3 in this file"],
      ["conflicting", "it also stands under job:1, job:3 in this file"],
      ["same", null],
      ["conflicting", "it also stands under job:1, job:2 in this file"],
    ]);
  });
  test("is none when a row stands twice", () =>
    expect(fates(judged([row("1", "a"), row("1", "a"), row("1", "b")], world("ab")))).toBe("a same, a same, b same"));
  test("is what an earlier import linked with a record that this file leaves behind", () => {
    const standing = world("", { a: two, b: two, c: two, d: entry("9") });
    expect(whys([row("1", "a"), row("1", "d")], standing)).toEqual([
      ["conflicting", "batch b7 linked it with s1/jobs/b, s1/jobs/c"],
      ["unknown", null],
    ]);
    expect(whys([row("1", "a"), row("1", "b")], standing).map(([, why]) => why)).toEqual([
      "batch b7 linked it with s1/jobs/c",
      "batch b7 linked it with s1/jobs/c",
    ]);
  });
  test("is none when all of the earlier thing comes along, or it was of the same key", () => {
    expect(whys([row("1", "a"), row("1", "b")], world("", { a: two, b: two })).map(([, why]) => why)).toEqual([
      null,
      null,
    ]);
    expect(whys([row("2", "a")], world("", { a: two, b: two }))).toEqual([["same", null]]);
  });
  test("is a record of the same job that this file puts under another key", () => {
    expect(whys([row("1", "a"), row("2", "b")], world("ab"))).toEqual([
      ["conflicting", "it is one job with s1/jobs/b, which this file puts under another key"],
      ["conflicting", "it is one job with s1/jobs/a, which this file puts under another key"],
    ]);
    expect(whys([row("1", "a"), row("1", "c")], world("ab c"))).toEqual([
      ["new", null],
      ["new", null],
    ]);
  });
});

describe("rows that do not fit the company", () => {
  const company = companyOf([systemClasses.writable, systemClasses.observed, systemClasses.coarse]);
  const streams = {
    ...{ jobs: streamOf("jobs", "root"), orders: streamOf("orders", "root"), invoices: streamOf("invoices", "part") },
    ...{ customers: streamOf("customers", "person"), units: streamOf("units", "reference") },
  };
  const plain = { vocabulary: vocabularyOf(systemClasses.writable), writers: {}, normalise: () => ({ unfit: "" }) };
  const describers: Readonly<Record<string, Describer>> = {
    "model-writable": { ...plain, streams },
    "model-observed": { ...plain, streams: {} },
  };
  const describer = (vendor: string): Describer | undefined => describers[vendor];
  const found = (...rows: readonly CrosswalkRow[]) => misfits(rows, company, describer);

  test("are none when each names a connection, and a stream of what it is", () =>
    expect(
      found(
        row("1", "a"),
        row("1", "a", { stream: "orders" }),
        row("2", "b", { kind: "customer", stream: "customers" }),
      ),
    ).toEqual([]));
  test("are named by their place in the file, with what would fit", () =>
    expect(
      found(
        row("1", "a"),
        row("1", "b", { connection: "depot" }),
        row("1", "b", { stream: "invoices" }),
        row("1", "b", { kind: "technician" }),
        row("1", "b", { connection: "s2" }),
        row("1", "b", { connection: "s3" }),
      ),
    ).toEqual([
      { path: "rows.1.connection", expected: "a connection, one of s1, s2, s3; not depot" },
      { path: "rows.2.stream", expected: "a stream of jobs in s1, one of jobs, orders; not invoices" },
      { path: "rows.3.stream", expected: "a stream of technicians in s1, one of customers; not jobs" },
      { path: "rows.4.stream", expected: "a stream of jobs in s2, one of none; not jobs" },
      { path: "rows.5.stream", expected: "a stream of jobs in s3, one of none; not jobs" },
    ]));
  test("are refused before that when they have no key, no id, another kind, or a column nobody knows", () => {
    const fits = (more: object) => z.safeParse(crosswalkRowSchema, { ...row("1", "a"), ...more }).success;
    expect([{}, { note: undefined }, { kind: "customer" }, { kind: "technician" }].map(fits)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([{ key: "" }, { id: "" }, { kind: "invoice" }, { kindd: "job" }, { stream: 7 }].map(fits)).toEqual(
      Array.from({ length: 5 }, () => false),
    );
    const said = z.safeParse(crosswalkRowSchema, { ...row("", "", {}), kind: "invoice" });
    expect(said.error?.issues.map(({ message }) => message)).toEqual([
      "expected one of job, customer, technician",
      "expected a key",
      "expected the vendor's id",
    ]);
    expect(z.parse(crosswalkRowSchema, { ...row("1", "a"), note: undefined }).note).toBe("");
  });
});

describe("a link that a rule made is kept as it was", () => {
  test.each<[Link["rule"], boolean]>([
    ["people-and-day", true],
    ["duplicate", true],
    ["key-pair", true],
    ["person", false],
    ["accepted", false],
    ["first", false],
    ["part", false],
    ["marker", false],
  ])("%s: %o", (rule, kept) =>
    expect(ruleLink(link("s1/jobs/a", rule, { evidence: ["same day"] }))).toEqual(
      kept ? { rule, evidence: ["same day"] } : null,
    ),
  );
  test("of no link there is none, and what was stored is read as it was", () => {
    expect(ruleLink(undefined)).toBeNull();
    const stored = entry("1", { from: "j1", person: "p1", was: { rule: "duplicate", evidence: ["same day"] } });
    expect(entryOf({ ...stored, more: 1 })).toEqual(stored);
    expect(() => entryOf({ ...stored, batch: undefined })).toThrow();
    expect(() => entryOf({ ...stored, was: { rule: "person", evidence: [] } })).toThrow();
  });
});

describe("the file that is written", () => {
  const job = (id: string, records: string, links: readonly Link[] = []): JobState =>
    standingJob(
      records.split("").map((one) => root({}, { connection: "s1", id: one })),
      { links },
      id,
    );
  const written = (states: readonly JobState[], entries: Readonly<Record<string, CrosswalkEntry>> = {}) =>
    linkRows(states, new Map(Object.entries(entries))).map((one) => [one.kind, one.key, recordKey(one), one.note]);

  test("has every job of several records, by whatever rule, and says by which", () =>
    expect(
      written([
        job("j2", "ba", [link(keyOf("b"), "people-and-day", { evidence: ["same day", "Pena"] })]),
        job("j1", "cd"),
        job("j0", "e"),
      ]),
    ).toEqual([
      ["job", "j1", keyOf("c"), ""],
      ["job", "j1", keyOf("d"), ""],
      ["job", "j2", keyOf("a"), ""],
      ["job", "j2", keyOf("b"), "people-and-day; same day; Pena"],
    ]));
  test("has what was imported under its own key and note, also what was not seen yet", () =>
    expect(
      written([job("j1", "abc", [link(keyOf("a"), "person"), link(keyOf("c"), "duplicate")])], {
        [keyOf("b")]: entry("Pena 2 Nov", { note: "told by the dispatcher" }),
        "s0/jobs/9": entry("Pena 2 Nov", { note: "comes too" }),
        "s2/orders/7/2": entry("Pena 2 Nov", { note: "comes later" }),
        "s2/customers/1": entry("pena", { kind: "customer" }),
      }),
    ).toEqual([
      ["customer", "pena", "s2/customers/1", ""],
      ["job", "Pena 2 Nov", "s0/jobs/9", "comes too"],
      ["job", "Pena 2 Nov", keyOf("a"), "person"],
      ["job", "Pena 2 Nov", keyOf("b"), "told by the dispatcher"],
      ["job", "Pena 2 Nov", keyOf("c"), "duplicate"],
      ["job", "Pena 2 Nov", "s2/orders/7/2", "comes later"],
    ]));
  test("stands in one order, whatever order it was found in", () => {
    const states = [job("j3", "ef"), job("j1", "ab"), job("j2", "cd")];
    expect(linkRows(states.toReversed(), new Map())).toEqual(linkRows(states, new Map()));
    expect(written(states).map(([, key]) => key)).toEqual(["j1", "j1", "j2", "j2", "j3", "j3"]);
  });
});
