import { describe, expect, test } from "vitest";
import type { PersonFacts } from "#shared/domain/facts.ts";
import {
  enterPerson,
  namesakes,
  type PersonSide,
  personReviewSet,
  personScore,
  personSideOf,
} from "#shared/pipeline/namesakes.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

const side = (more: Partial<PersonSide> = {}): PersonSide => ({
  ...{ record: "s1/customers/c1", connection: "s1", role: "customer", name: "Dana Whitfield", phones: [], emails: [] },
  ...more,
});
const other = (more: Partial<PersonSide> = {}): PersonSide =>
  side({ record: "s2/customers/c9", connection: "s2", ...more });
const [phone, near, far] = ["3035550101", "3035550110", "7205559999"];
const [mail, slip] = ["dana@example.com", "dana@exampl.com"];
const slipped = "Dana Witfeld";

describe("two systems' persons", () => {
  test.each([
    ["one name and one phone", { phones: [phone] }, { phones: [far, phone] }, 80, [`the same phone ${phone}`]],
    ["one name and a slip in the phone", { phones: [phone] }, { phones: [near] }, 70, [`phone ${phone} and ${near}`]],
    ["one name and one e-mail", { emails: [mail] }, { emails: [mail] }, 80, [`the same e-mail ${mail}`]],
    ["one name and a slip in the e-mail", { emails: [mail] }, { emails: [slip] }, 70, [`e-mail ${mail} and ${slip}`]],
    [
      "everything",
      { phones: [phone], emails: [mail] },
      { phones: [phone], emails: [mail] },
      120,
      [`the same phone ${phone}`, `the same e-mail ${mail}`],
    ],
    [
      "the same phone, though an earlier one is near",
      { phones: [near, phone] },
      { phones: [phone] },
      80,
      [`the same phone ${phone}`],
    ],
    [
      "a near phone that is not the first",
      { phones: [far, phone] },
      { phones: [near] },
      70,
      [`phone ${phone} and ${near}`],
    ],
  ] as const)("with %s are put before a person", (_name, a, b, score, because) => {
    const evidence = ["names Dana Whitfield and Dana Whitfield", ...because];
    expect(personScore(side(a), other(b))).toEqual({ score, evidence });
  });

  test("with a slip in the name need more than a slip in a contact", () => {
    const unlike = { name: slipped, phones: [phone] };
    expect(personScore(side(unlike), other({ phones: [phone] }))).toEqual({
      score: 65,
      evidence: [`names ${slipped} and Dana Whitfield`, `the same phone ${phone}`],
    });
    expect(personScore(side(unlike), other({ phones: [near] }))).toBeNull();
    expect(personScore(side({ ...unlike, emails: [mail] }), other({ phones: [near], emails: [slip] }))?.score).toBe(85);
  });

  test.each([
    ["four letters of five", "Smith", "Smyth", 65],
    ["23 letters of 25", "Montgomeryshirecastleford", "Montgomaryshirecastelford", 80],
  ])("whose names share %s are just alike enough", (_name, a, b, score) => {
    expect(personScore(side({ name: a, phones: [phone] }), other({ name: b, phones: [phone] }))?.score).toBe(score);
  });

  test.each([
    ["nothing but the name", {}, {}],
    ["other contacts", { phones: [phone] }, { phones: [far] }],
    ["another name", { phones: [phone], name: "Peter Whitfield" }, { phones: [phone] }],
    ["another role", { phones: [phone], role: "technician" }, { phones: [phone] }],
    ["the same system", { phones: [phone], connection: "s2" }, { phones: [phone] }],
    ["a phone that is the other's e-mail", { phones: [phone] }, { emails: [phone] }],
  ] as const)("with %s are not", (_name, a, b) => expect(personScore(side(a), other(b))).toBeNull());
});

describe("the set of namesakes", () => {
  test("is one for names that begin alike, in whatever order, and of one role", () => {
    const set = namesakes("customer", "Dana Whitfield");
    for (const alike of ["Whitfield, Dana", "dana WHITFEILD", "Dan Whit"])
      expect(namesakes("customer", alike)).toBe(set);
    for (const unlike of ["Dana Field", "Dana", "Dana W. Whitfield"])
      expect(namesakes("customer", unlike)).not.toBe(set);
    expect(namesakes("technician", "Dana Whitfield")).not.toBe(set);
    expect(namesakes("customer", "A. Bell")).not.toBe(namesakes("customer", "Ab E."));
  });

  const facts = (more: Partial<PersonFacts> = {}): PersonFacts => ({
    ...{
      kind: "person",
      role: "customer",
      presence: "present",
      name: "Dana Whitfield",
      phones: [phone],
      emails: [mail],
    },
    mergedTo: null,
    ...more,
  });
  const entered = async (...some: readonly (readonly [string, PersonFacts])[]) => {
    const { sets } = memoryWorld().company("c");
    for (const [record, its] of some) await enterPerson(sets, record, its);
    const members = await sets.list(namesakes("customer", "Dana Whitfield"));
    return { members: members.map(({ data }) => personSideOf(data)), review: await sets.list(personReviewSet) };
  };

  test("holds a person as they are now", async () => {
    const { members, review } = await entered(
      ["s1/customers/a/b", facts({ phones: [] })],
      ["s1/customers/a/b", facts()],
    );
    expect(members).toEqual([side({ record: "s1/customers/a/b", phones: [phone], emails: [mail] })]);
    expect(review).toEqual([]);
  });

  test("is put on the review list when another system's may be the same", async () => {
    const both = await entered(["s1/customers/c1", facts()], ["s2/customers/c9", facts({ phones: [near] })]);
    expect(both.review).toEqual([{ member: namesakes("customer", "Dana Whitfield"), data: {} }]);
    const own = await entered(["s1/customers/c1", facts()], ["s1/customers/c2", facts()]);
    expect(own.review).toEqual([]);
    const three = await entered(
      ["s1/customers/c1", facts()],
      ["s2/customers/c8", facts({ phones: [far], emails: [] })],
      ["s3/customers/c9", facts()],
    );
    expect(three.review).toHaveLength(1);
  });

  test.each([
    ["who has no name", facts({ name: null })],
    ["who is gone", facts({ presence: "deleted" })],
    ["who is inactive", facts({ presence: "inactive" })],
  ])("holds nobody %s", async (_name, its) => {
    expect(await entered(["s1/customers/c1", its])).toEqual({ members: [], review: [] });
  });

  test("holds nothing that it could not read again", () => {
    const whole = { ...side() };
    expect(personSideOf(whole)).toEqual(whole);
    for (const name of Object.keys(whole)) expect(() => personSideOf({ ...whole, [name]: 7 })).toThrow();
    for (const name of Object.keys(whole)) expect(() => personSideOf({ ...whole, [name]: undefined })).toThrow();
    expect(() => personSideOf({ ...whole, role: "supplier" })).toThrow();
    expect(() => personSideOf({ ...whole, phones: [7] })).toThrow();
    expect(() => personSideOf({ ...whole, emails: [7] })).toThrow();
    expect(personSideOf({ ...whole, role: "technician" }).role).toBe("technician");
  });
});
