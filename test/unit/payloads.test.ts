import { describe, expect, test } from "vitest";
import { Failure } from "#shared/domain/failure.ts";
import { digestOf } from "#shared/domain/ids.ts";
import { rememberText } from "#shared/domain/printed.ts";
import * as z from "#shared/domain/schema.ts";
import type { ReadRecord } from "#shared/messages/inbound.ts";
import { archivedText, pageKey, placeOf } from "#shared/pipeline/archived-page.ts";
import { archivedPage, pagesOfRead, payloadOf } from "#shared/pipeline/payloads.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

const at = "2026-11-02T08:00:00.000Z";
const printed = '{"id": "1","price":10.50}';
const read = (raw: object, more: Partial<ReadRecord> = {}): ReadRecord => ({
  ...{ stream: "jobs", id: "1", modified: at, read: 7, at, digest: digestOf(raw), raw },
  ...more,
});

/** A record of an answer, so that its own characters are known. */
function answered(text = printed): ReadRecord {
  const answer = `{"data":[${text}]}`;
  const value = z.parse(z.object({ data: z.array(z.looseObject({})) }), JSON.parse(answer));
  rememberText(value, answer);
  return read(value.data[0] ?? {});
}
/** The same as a message carries it: parsed, its characters lost. */
const carried = (record: ReadRecord): ReadRecord => JSON.parse(JSON.stringify(record));

const own = pageKey(placeOf("ridgeline", { connection: "office", stream: "jobs", read: 7, at }));

describe("the archive", () => {
  test("names a page by company, day, connection, stream and number", () => {
    expect(own).toBe("pages/ridgeline/2026-11-02/office/jobs/7.json");
    expect(
      pagesOfRead("ridgeline", { connection: "office", stream: "jobs", read: 7, at }, ["invoices", "jobs"]),
    ).toEqual([own, "pages/ridgeline/2026-11-02/office/invoices/7.json"]);
  });

  test("holds a page's payloads as they were printed, and says of each whether it is so", () => {
    const text = archivedText([answered(), read({ price: 10.5 }, { id: "2" })]);
    expect(text).toContain(`"raw":${printed}}`);
    expect(JSON.parse(text)).toEqual([
      { ...read({ id: "1", price: 10.5 }), form: "as-printed" },
      { ...read({ price: 10.5 }, { id: "2" }), form: "reprinted" },
    ]);
    expect(archivedText([])).toBe("[]");
  });
});

describe("a page of the archive", () => {
  test("that is not there is none; an archive that does not answer, or a page that is broken, is an error", async () => {
    const { archive } = memoryWorld();
    expect(await archivedPage(archive, own)).toBeNull();
    await archive.put(own, archivedText([answered()]));
    expect((await archivedPage(archive, own))?.records).toMatchObject([{ id: "1", form: "as-printed" }]);
    await archive.put(own, '[{"id":"1"}]');
    await expect(archivedPage(archive, own)).rejects.toThrow();
    for (const error of [new Failure("transient", "503"), new Error("no answer")]) {
      const away = { ...archive, get: () => Promise.reject(error) };
      await expect(archivedPage(away, own)).rejects.toBe(error);
    }
  });
});

describe("the payload of a record that was handed on", () => {
  const kept = async (pages: Readonly<Record<string, readonly ReadRecord[]>>, record = carried(answered())) => {
    const { archive } = memoryWorld();
    for (const [key, records] of Object.entries(pages)) await archive.put(key, archivedText(records));
    return payloadOf(archive, "ridgeline", "office", ["jobs", "invoices"], record);
  };
  const asPrinted = { text: printed, form: "as-printed" };
  const asCarried = { text: '{"id":"1","price":10.5}', form: "reprinted" };

  test("is what the vendor printed, out of the page of its read", async () =>
    expect(await kept({ [own]: [read({ a: 1 }, { id: "2" }), answered()] })).toEqual(asPrinted));

  test("is found under another stream that brought it", async () => {
    const other = own.replace("/jobs/", "/invoices/");
    expect(await kept({ [other]: [answered()] })).toEqual(asPrinted);
    expect(await kept({ [own]: [read({ a: 1 })], [other]: [answered()] })).toEqual(asPrinted);
  });

  test("that was printed again when it was archived says so", async () =>
    expect(await kept({ [own]: [read({ price: 10.5, id: "1" })] })).toEqual({
      ...{ text: '{"price":10.5,"id":"1"}', form: "reprinted" },
    }));

  test.each([
    ["is not there", {}],
    ["holds another record", { [own]: [{ ...answered(), id: "2" }] }],
    ["holds one of another stream", { [own]: [{ ...answered(), stream: "invoices" }] }],
    ["holds another reading of it", { [own]: [answered('{"id": "1","price":10.75}')] }],
  ])("is what the message carried where its page %s", async (_name, pages) =>
    expect(await kept(pages)).toEqual(asCarried),
  );

  test("is what the message carried where it is no object", async () => {
    const odd = { ...carried(answered()), raw: "text", digest: digestOf("text") };
    expect(await kept({ [own]: [{ ...answered(), raw: "text", digest: digestOf("text") }] }, odd)).toEqual({
      ...{ text: '"text"', form: "reprinted" },
    });
    const none = { ...carried(answered()), raw: null, digest: digestOf(null) };
    expect(await kept({ [own]: [{ ...answered(), raw: null, digest: digestOf(null) }] }, none)).toEqual({
      ...{ text: "null", form: "reprinted" },
    });
  });
});
