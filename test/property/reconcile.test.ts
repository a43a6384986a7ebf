import fc from "fast-check";
import { expect, test } from "vitest";
import { type Break, isOpen } from "#shared/domain/break.ts";
import { canonicalJson, recordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { jobLine, totalsOf } from "#shared/pipeline/overview.ts";
import {
  beginning,
  changedBy,
  type Heard,
  heard,
  inOrder,
  isKindC,
  kindCounter,
  type Story,
  takeAll,
  told,
} from "#test/support/generated.ts";
import { connectionId, keyOf, type Model, observe, reconciled, settle } from "#test/support/model-run.ts";
import { factsOf } from "#test/support/model-systems.ts";

const runs = { numRuns: 200, seed: 20261102 };
const mostlyTogether = fc.integer({ min: 0, max: 3 }).map((dice) => dice > 0);
const anything = heard(mostlyTogether);

test("law 1 (a), law 2: any order with repeats leaves the same observations, byte for byte", () => {
  fc.assert(
    fc.property(anything, ({ story, wholeOrder }) => {
      const { first, later } = told(story);
      const straight = takeAll(beginning(story), [...first, ...later]);
      const anyhow = takeAll(beginning(story), inOrder([...first, ...later], wholeOrder));
      expect(canonicalJson(anyhow.job.observations)).toBe(canonicalJson(straight.job.observations));
    }),
    runs,
  );
});

test("law 1 (b): reconciling twice equals once", () => {
  fc.assert(
    fc.property(anything, ({ story, wholeOrder }) => {
      const { first, later } = told(story);
      const model = takeAll(beginning(story), inOrder([...first, ...later], wholeOrder));
      const again = reconciled(model, { observations: model.job.observations });
      expect(again.changed).toBe(false);
      expect(again.state).toBe(model.job);
    }),
    runs,
  );
});

/**
 * What stands of a job and what is planned to be written; how it came to be is aside: history, counts, and the likely
 * cause of a gap, which may say "taken back" only where the money was seen before it went (and with it its task).
 */
function seen(job: JobState): unknown {
  const standing = (one: Break): unknown => [one.key, one.gapMinor, one.connections, isOpen(one)];
  return {
    observations: job.observations,
    fields: job.fields,
    bases: job.bases,
    money: job.money,
    breaks: job.breaks.filter((one) => one.state !== "resolved").map(standing),
    intents: job.intents
      .filter((one) => one.kind === "write")
      .map((one) => [one.id, one.kind, one.read, one.wanted, one.bound, one.needsApproval]),
  };
}

test("law 1 (c): where a field was edited on one side only, the state is equal in every order", () => {
  const kinds = kindCounter();
  fc.assert(
    fc.property(anything, ({ story, order }) => {
      kinds.note(story);
      fc.pre(isKindC(story));
      const { first, later } = told(story);
      const rest = takeAll(beginning(story), first);
      const straight = takeAll(rest, later);
      const anyhow = takeAll(rest, inOrder(later, order));
      expect(seen(anyhow.job)).toEqual(seen(straight.job));
    }),
    runs,
  );
  kinds.print("kind (c)");
});

/** Values a side's own people gave it: where it began, and every act of theirs. */
function heldBy(story: Story, system: number): ReadonlySet<string> {
  const acts = story.acts.filter((act) => act.system === system);
  const words = acts.flatMap((act) => (act.change.word === undefined ? [] : [act.change.word]));
  return new Set([story.opening[system]?.word ?? "", ...words]);
}

function statesOfSystem(story: Story, system: number, word: string): readonly string[] {
  const [one, record] = [story.classes[system], story.opening[system]];
  if (!one || !record) return [];
  return factsOf(one, { ...record, word }).work.set;
}

const isUnknown = (story: Story, system: number, word: string): boolean =>
  !story.classes[system]?.words.some((row) => row.word === word);

/** A side that can be written and knows its word, and whose write nothing refused. */
function mustAgree(story: Story, model: Model, system: number): boolean {
  const [one, record] = [story.classes[system], model.vendors[system]];
  if (one?.writes !== "api" || one.mode === "observe" || !record || isUnknown(story, system, record.word)) return false;
  const agreed = agreedWork(model);
  return one.words.some((row) => row.write?.work.some((state) => agreed.includes(state)));
}

const agreedWork = (model: Model): readonly string[] => {
  const { agreed } = model.job.fields.work ?? { agreed: [] };
  return Array.isArray(agreed) ? agreed.map(String) : [];
};

/** After everything was told, in some order: what is known, and the vendors as they stand. */
function after({ story, order }: Heard): { readonly story: Story; readonly model: Model } {
  const { first, later, end } = told(story);
  const rest = takeAll({ ...beginning(story), vendors: end.vendors, reads: end.reads }, first);
  return { story, model: takeAll(rest, inOrder(later, order)) };
}

test("law 1 (d): once approved, the systems that can be written converge to a value one side really held", () => {
  const kinds = kindCounter();
  fc.assert(
    fc.property(anything, (one) => {
      const { story, model } = after(one);
      kinds.note(story);
      const { model: end } = settle(model);
      const agreed = agreedWork(end);
      story.classes.forEach((_, system) => {
        const word = end.vendors[system]?.word ?? "";
        if (!mustAgree(story, end, system) || end.job.breaks.some((one) => one.kind === "frozen" && isOpen(one)))
          return;
        expect(
          statesOfSystem(story, system, word).some((state) => agreed.includes(state)),
          word,
        ).toBe(true);
      });
      const everHeld = story.classes.flatMap((_, system) =>
        [...heldBy(story, system)].flatMap((word) => statesOfSystem(story, system, word)),
      );
      if (agreed.length > 0) expect(agreed.some((state) => everHeld.includes(state))).toBe(true);
    }),
    runs,
  );
  const { c, d } = kinds.print("kind (d)");
  expect(d / (c + d)).toBeGreaterThan(0.3);
});

test("law 1 (d): no person's last edit vanishes without a break or a receipt", () => {
  fc.assert(
    fc.property(anything, (one) => {
      const { story, model } = after(one);
      const { model: end } = settle(model);
      story.classes.forEach((side, system) => {
        const opening = story.opening[system];
        if (!opening || !side.editor) return;
        const left = story.acts.filter((act) => act.system === system).reduce(changedBy, opening).word;
        if (left === opening.word || left === end.vendors[system]?.word) return;
        const told = end.job.receipts.some((receipt) => receipt.record.connection === connectionId(system));
        const open = end.job.breaks.some((known) => known.evidence.includes(keyOf(system)) && isOpen(known));
        expect(told || open, `${left} of ${connectionId(system)}`).toBe(true);
      });
    }),
    runs,
  );
});

test("law 9: an echo plans nothing: what was written is read again, by every system, and nothing follows", () => {
  fc.assert(
    fc.property(anything, (one) => {
      const { model } = after(one);
      const { model: end } = settle(model);
      const echoed = end.classes.reduce((current, _, system) => observe(current, system), end);
      expect(echoed.job.intents.filter((intent) => intent.kind === "write")).toEqual([]);
      expect(echoed.job.fields).toEqual(end.job.fields);
    }),
    runs,
  );
});

test("no ping-pong: each record's field is written at most once after people have stopped", () => {
  fc.assert(
    fc.property(anything, (one) => {
      const { model } = after(one);
      const { model: end } = settle(model);
      const sent = end.job.receipts.filter((receipt) => receipt.attempts > 0);
      const perTarget = new Map<string, number>();
      for (const { record, target } of sent) {
        const key = `${record.connection} ${target}`;
        perTarget.set(key, (perTarget.get(key) ?? 0) + 1);
      }
      for (const [key, count] of perTarget) expect(count, key).toBe(1);
    }),
    runs,
  );
});

test("law 8: nothing is written unasked where a side's edit lost, and money never", () => {
  fc.assert(
    fc.property(anything, (one) => {
      const { model } = after(one);
      for (const intent of model.job.intents) {
        if (intent.kind !== "write") continue;
        const field = intent.target === "status" ? "work" : "reference";
        const lost = model.job.bases[field]?.[recordKey(intent.record)]?.ask === true;
        if (lost || intent.moneyMinor !== 0) expect(intent.needsApproval).toBe(true);
      }
    }),
    runs,
  );
});

test("law 5: the causes of every break sum to its gap, and the totals of the overview add up", () => {
  fc.assert(
    fc.property(fc.array(anything, { minLength: 1, maxLength: 4 }), (many) => {
      const jobs = many.map(after).map(({ model }) => ({
        state: model.job,
        line: jobLine(model.job, model.company, {}, model.now),
      }));
      for (const { state, line } of jobs) {
        for (const known of state.breaks) {
          const money = known.kind === "charge" || known.kind === "payment" || known.kind === "missing-twin";
          if (!money || known.state === "resolved") continue;
          expect(known.causes.reduce((sum, cause) => sum + cause.minor, 0)).toBe(known.gapMinor);
        }
        expect(Number.isSafeInteger(line.gapMinor)).toBe(true);
      }
      const totals = totalsOf(jobs);
      expect(totals.agree + totals.disagree + totals.waiting + totals.notComparable).toBe(totals.jobs);
      expect(totals.chargeMinor + totals.paymentMinor + totals.missingTwinMinor).toBe(totals.gapMinor);
      expect(jobs.reduce((sum, { line }) => sum + line.gapMinor, 0)).toBe(totals.gapMinor);
    }),
    { numRuns: 150 },
  );
});

test("law 5: the gap of a line is the other side less the reference, and an unreadable amount only hides its own line", () => {
  fc.assert(
    fc.property(anything, (one) => {
      const { model } = after(one);
      const { money, breaks } = model.job;
      const reference = money.find((line) => line.connection === "s1");
      for (const name of ["charge", "payment"] as const) {
        const found = breaks.find((known) => known.key === name && known.state !== "resolved");
        if (!found) continue;
        const gaps = money
          .filter((line) => line !== reference && line[name] !== null)
          .map((line) => (line[name] ?? 0) - (reference?.[name] ?? 0));
        expect(gaps).toContain(found.gapMinor);
        expect(Math.max(...gaps.map(Math.abs))).toBe(Math.abs(found.gapMinor));
      }
      for (const line of money) {
        if (line.unreadable.length === 0) continue;
        expect(breaks.some((known) => known.kind === "unreadable" && known.connections.includes(line.connection))).toBe(
          true,
        );
      }
    }),
    runs,
  );
});

test("law 10: an unknown word disagrees with nothing and moves nothing", () => {
  fc.assert(
    fc.property(anything, (one) => {
      const { story, model } = after(one);
      const before = model.job.fields.work;
      const unknown = story.classes.reduce((current, _, system) => {
        const record = current.vendors[system];
        if (!record || system !== story.classes.length - 1) return current;
        const vendors = current.vendors.map((one, at) =>
          at === system ? { ...one, word: "Nobody knows this", modified: one.modified + 1 } : one,
        );
        return observe({ ...current, vendors }, system);
      }, model);
      expect(unknown.job.fields.work?.agreed).toEqual(before?.agreed);
      const last = connectionId(story.classes.length - 1);
      expect(
        unknown.job.intents.some((intent) => intent.record.connection === last && intent.target === "status"),
      ).toBe(false);
    }),
    runs,
  );
});
