import { describe, expect, onTestFinished, test } from "vitest";
import type { Page } from "#shared/connectors/connector.ts";
import { Failure } from "#shared/domain/failure.ts";
import { printedOf } from "#shared/domain/printed.ts";
import { failureOf } from "../support.ts";
import type { Row, StreamCase, VendorCase } from "./case.ts";
import { type ContractWorld, idsOf, openWorld, readFrom } from "./world.ts";

/** Lists are read to their proven end: from any boundary on, after any lost answer, and while people work in them. */
export function pagesHold(subject: VendorCase): void {
  describe.each(Object.entries(subject.paged))("pages of %s", (stream, count) => {
    const spec = subject.streams[stream];
    if (!spec) throw new Error(`no case for stream ${stream}`);
    const { collection, made } = spec;
    const rows = Array.from({ length: count }, (_, n) => made(n));
    const open = async (): Promise<ContractWorld> => {
      const world = await openWorld(subject, { ...subject.company, [collection]: rows });
      onTestFinished(() => world.close());
      return world;
    };
    const key = subject.simulator.collections[collection]?.key ?? "id";
    const every = rows.map((row) => String(row[key])).toSorted();

    test("are read once each, and from every boundary on", async () => {
      const world = await open();
      const pages = await readFrom(subject, world.client(), stream, null);
      expect(idsOf(pages)).toEqual(every);
      expect(pages.flatMap((page) => page.unfit)).toEqual([]);
      // A page that begins at the last one's time may show that time's records again, and never only those.
      for (const at of pages.keys())
        expect(idsOf(pages.slice(0, at)).length).toBeLessThan(idsOf(pages.slice(0, at + 1)).length);
      for (const [at, page] of pages.entries()) {
        if (page.next === null) continue;
        const rest = await readFrom(subject, world.client(), stream, page.next);
        expect(idsOf([...pages.slice(0, at + 1), ...rest])).toEqual(every);
      }
      expect(world.complaints).toEqual([]);
    });

    test("keep what the vendor printed of each record, for the archive and the quarantine", async () => {
      const world = await open();
      const pages = await readFrom(subject, world.client(), stream, null);
      const forms = pages.flatMap(({ records }) => records.map(({ raw }) => printedOf(raw).form));
      expect(new Set(forms)).toEqual(new Set(["as-printed"]));
    });

    test("are read again from where an answer was lost, at every request", async () => {
      const world = await open();
      await readFrom(subject, world.client(), stream, null);
      const requests = world.asked.length;
      for (let lost = 1; lost <= requests; lost += 1) {
        const { pages, next } = await untilFailure(subject, world, stream, lost);
        const rest = await readFrom(subject, world.client(), stream, next);
        expect(idsOf([...pages, ...rest]), `request ${lost} lost`).toEqual(every);
      }
    });

    test.each(movesOf(spec, rows, key))(
      "lose nothing that stood all the while when $what between any two requests",
      async ({ edits, stood }) => {
        const counted = await open();
        await readFrom(subject, counted.client(), stream, null);
        const requests = counted.asked.length;
        for (let after = 1; after < requests; after += 1) {
          const world = await open();
          let moved = false;
          const client = world.client({
            after: async (number) => {
              if (number !== after || moved) return;
              moved = true;
              await world.plant(edits.map((edit) => ({ collection, ...edit })));
            },
          });
          const ids = await proven(() => readFrom(subject, client, stream, null));
          expect(
            every.filter((id) => stood(id) && !ids.includes(id)),
            `moved after request ${after}`,
          ).toEqual([]);
        }
      },
    );
  });
}

interface Move {
  readonly what: string;
  readonly edits: readonly Row[];
  readonly stood: (id: string) => boolean;
}

function movesOf(spec: StreamCase, rows: readonly Row[], key: string): readonly Move[] {
  const first = String(rows[0]?.[key]);
  const last = String(rows.at(-1)?.[key]);
  const fresh = spec.made(rows.length);
  const all = () => true;
  const edited = (id: string, edit: Row): Row => ({ key: id, op: "update", fields: edit });
  return [
    { what: "a record is made", edits: [{ key: String(fresh[key]), op: "create", fields: fresh }], stood: all },
    ...(spec.edit === null
      ? []
      : [
          { what: "the first record is edited", edits: [edited(first, spec.edit)], stood: all },
          { what: "the last record is edited", edits: [edited(last, spec.edit)], stood: all },
        ]),
    { what: "the first record goes", edits: [{ key: first, op: "remove" }], stood: (id) => id !== first },
    { what: "the last record goes", edits: [{ key: last, op: "remove" }], stood: (id) => id !== last },
  ];
}

/** Pages until the lost answer, and the mark to go on from: the last one that was handed on. */
async function untilFailure(
  subject: VendorCase,
  world: ContractWorld,
  stream: string,
  lost: number,
): Promise<{ readonly pages: readonly Page[]; readonly next: string | null }> {
  const client = world.client({ lose: (number) => number === lost });
  const pages: Page[] = [];
  for (let next: string | null = null; ; ) {
    const asked = subject.connector.reader.page(client, { stream, next, since: null });
    const page = await asked.catch(() => null);
    if (page === null) {
      expect(await failureOf(asked)).toMatchObject({ kind: "transient", disposition: "retry" });
      return { pages, next };
    }
    pages.push(page);
    if (page.next === null) throw new Error(`request ${lost} was never made`);
    next = page.next;
  }
}

/**
 * A reader may find that a list moved under it and say so, by a failure or by totals that do not agree: nothing is
 * concluded from such a reading, the stream is due again, and then it stands still.
 */
async function proven(read: () => Promise<readonly Page[]>): Promise<readonly string[]> {
  try {
    const pages = await read();
    if (totalsAgree(pages)) return idsOf(pages);
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.disposition !== "retry") throw cause;
  }
  return idsOf(await read());
}

/** As a sweep judges a reading (law 4): one total throughout, and as many records. Without totals there is no judging. */
function totalsAgree(pages: readonly Page[]): boolean {
  const totals = new Set(pages.flatMap((page) => (page.total === null ? [] : [page.total])));
  if (totals.size === 0) return true;
  const others = pages.reduce((sum, page) => sum + page.unfit.length + page.dropped, 0);
  return totals.size === 1 && totals.has(idsOf(pages).length + others);
}
