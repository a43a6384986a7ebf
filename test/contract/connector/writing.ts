import { describe, expect, onTestFinished, test } from "vitest";
import type { Page } from "#shared/connectors/connector.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { intentTo } from "../support.ts";
import type { VendorCase, WriteCase } from "./case.ts";
import { saidBy } from "./words.ts";
import { openWorld } from "./world.ts";

/** A write is read, sent and read back as documented; the same once more does no harm. */
export function writesAreHarmless(subject: VendorCase): void {
  const { writers, vocabulary } = subject.connector;

  describe("writes", () => {
    test("each target that the API changes has a case here", () => {
      expect(subject.writes.map((one) => one.target).toSorted()).toEqual(Object.keys(writers).toSorted());
      for (const target of Object.keys(writers)) expect(Object.keys(vocabulary.targets)).toContain(target);
    });

    test("what it makes has a writer, and stands in a stream that is read", () => {
      for (const [target, stream] of Object.entries(vocabulary.makes ?? {})) {
        expect(Object.keys(writers)).toContain(target);
        expect(Object.keys(subject.connector.streams)).toContain(stream);
      }
    });

    test.each(subject.writes)("$target: sent twice, done once", async (written) => {
      const world = await openWorld(subject, subject.company);
      onTestFinished(() => world.close());
      const client = world.client();
      const intent = intentOf(world.connection.id, written);
      const writer = writers[written.target];
      if (!writer) throw new Error(`no writer of ${written.target}`);
      const shown = (page: Page) =>
        writer.shows(
          page.records.map(({ stream, id, raw }) => ({
            record: { connection: world.connection.id, stream, id },
            facts: saidBy(subject, stream, raw).facts,
          })),
          intent,
        );
      const before = await writer.read(client, intent);
      expect(shown(before)).not.toBe(intent.wanted);
      expect(writer.refuse?.(intent, before) ?? null).toBeNull();
      await writer.send(client, intent, before);
      const after = await writer.read(client, intent);
      expect(shown(after)).toBe(intent.wanted);
      const stood = await world.collections();
      // The stage reads first and finds it done; should it send all the same, the vendor stays as it is.
      if (written.once !== true) {
        const again = async () => writer.send(client, intent, after);
        await again().catch((cause: unknown) => {
          if (!(cause instanceof Failure) || cause.kind !== "rejected") throw cause;
        });
        expect(await world.collections()).toEqual(stood);
      }
      expect(world.asked.length).toBeLessThanOrEqual(writer.requests * 2 + 2);
      expect(world.complaints).toEqual([]);
    });
  });
}

function intentOf(connection: string, { target, record, wanted, arguments: given = {} }: WriteCase): Intent {
  return intentTo(connection, target, record, wanted, given);
}
