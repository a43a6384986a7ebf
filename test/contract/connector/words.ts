import { describe, expect, test } from "vitest";
import type { Normalised } from "#shared/connectors/connector.ts";
import { billings, works } from "#shared/domain/status.ts";
import { connectionFor } from "../support.ts";
import { printedOf, type Row, type StreamCase, type VendorCase, withMember } from "./case.ts";

const UNHEARD = "Zz-unheard-of";

/** A reader of one vendor's raw records, as the pipeline calls it. */
export function readerOf(
  subject: VendorCase,
): (stream: string, raw: unknown) => Normalised | { readonly unfit: string } {
  const settings = subject.connection("http://127.0.0.1:1");
  const connection = connectionFor(subject.connector.vendor, settings.baseUrl, settings);
  return (stream, raw) => subject.connector.normalise(stream, raw, { connection, zone: subject.zone });
}

/** What a record says; the reason is the test's failure when it says nothing. */
export function saidBy(subject: VendorCase, stream: string, raw: unknown): Normalised {
  const made = readerOf(subject)(stream, raw);
  if ("unfit" in made) throw new Error(`${stream}: ${made.unfit}`);
  return made;
}

/** The vendor's words: every documented one understood, what is missing left open, what is new kept and reported. */
export function wordsAreKept(subject: VendorCase): void {
  const { vocabulary, vendor } = subject.connector;
  const streamOf = (name: string): StreamCase => {
    const found = subject.streams[name];
    if (!found) throw new Error(`${vendor}: no case for stream ${name}`);
    return found;
  };

  describe("words", () => {
    test("every documented status is mapped, and no other", () => {
      for (const [place, documented] of Object.entries(subject.document.statuses)) {
        expect(vocabulary.statusWords.map((row) => row.word).toSorted(), place).toEqual(documented.toSorted());
        const { stream, path } = placeOf(place);
        for (const word of documented) {
          const { printed, put } = printedOf(streamOf(stream));
          const { facts, notices } = saidBy(subject, stream, put(withMember(printed, path, word)));
          const row = vocabulary.statusWords.find((one) => one.word === word);
          expect(facts.kind).toBe("job");
          if (facts.kind !== "job") continue;
          expect(facts.work.unknown, word).toBeUndefined();
          expect(facts.work.set.length, word).toBeGreaterThan(0);
          expect(
            facts.work.set.filter((state) => !row?.work.includes(state)),
            word,
          ).toEqual([]);
          expect(
            notices.filter((notice) => notice.startsWith("unknown-word")),
            word,
          ).toEqual([]);
        }
      }
    });

    test("every canonical state of work and of billing lies in some word's set, or has no word there", () => {
      const covered = new Set<string>([
        ...vocabulary.statusWords.flatMap((row) => [...row.work, ...row.billing]),
        ...vocabulary.noWord,
      ]);
      expect([...works, ...billings].filter((state) => !covered.has(state))).toEqual([]);
    });

    test.each(Object.keys(subject.document.statuses))(
      "an unheard-of word in %s means any state, is kept and reported",
      (place) => {
        const { stream, path } = placeOf(place);
        const { printed, put } = printedOf(streamOf(stream));
        const { facts, notices } = saidBy(subject, stream, put(withMember(printed, path, UNHEARD)));
        expect(facts).toMatchObject({ kind: "job", work: { word: UNHEARD, set: works, unknown: true } });
        expect(notices.filter((notice) => notice.includes(UNHEARD))).toHaveLength(1);
      },
    );

    test.each(Object.keys(subject.document.enums))(
      "%s takes every documented value, null and none; a new one costs nothing",
      (place) => {
        const { stream, path } = placeOf(place);
        const { printed, put } = printedOf(streamOf(stream));
        const said = (value: unknown) => saidBy(subject, stream, put(withMember(printed, path, value)));
        for (const word of subject.document.enums[place] ?? []) {
          expect(
            said(word).notices.filter((notice) => notice.startsWith("unknown-word")),
            word,
          ).toEqual([]);
        }
        said(null);
        said(undefined);
        const { notices } = said(UNHEARD);
        if (subject.unread[place] !== undefined)
          expect(notices).toEqual(said(null).notices.filter((one) => !one.startsWith("unknown-word")));
        else expect(notices.some((notice) => notice.includes(UNHEARD))).toBe(true);
      },
    );

    test.each(Object.keys(subject.streams))(
      "a record of %s may lack, or null, every member that is not required",
      (stream) => {
        const { printed, put } = printedOf(streamOf(stream));
        const optional = memberPaths(printed).filter((path) => !streamOf(stream).required.includes(path.join(".")));
        expect(optional.length).toBeGreaterThan(0);
        for (const path of optional) {
          saidBy(subject, stream, put(withMember(printed, path, undefined)));
          saidBy(subject, stream, put(withMember(printed, path, null)));
        }
        const bare = streamOf(stream).required.reduce<Row>((kept, name) => ({ ...kept, [name]: printed[name] }), {});
        saidBy(subject, stream, put(bare));
        saidBy(subject, stream, put({ ...printed, [UNHEARD]: { new: [1] } }));
        for (const name of streamOf(stream).required) {
          expect(readerOf(subject)(stream, put(withMember(printed, [name], undefined))), name).toHaveProperty("unfit");
        }
      },
    );
  });
}

function placeOf(place: string): { readonly stream: string; readonly path: readonly string[] } {
  const [stream = "", ...path] = place.split(".");
  return { stream, path };
}

/** Paths of every member of a record, nested objects' too; lists are taken as wholes. */
function memberPaths(record: Row, at: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const path = [...at, name];
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return [path, ...(isObject ? memberPaths(Object.fromEntries(Object.entries(value)), path) : [])];
  });
}
