import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { connector, fleetio } from "#shared/connectors/fleetio/index.ts";
import { billings, works } from "#shared/domain/status.ts";
import { type Account, context, fixture, openAccount, type Row, readAll, STREAM, secret } from "./fleetio-support.ts";

let account: Account | undefined;
afterEach(async () => {
  await account?.close();
  account = undefined;
});

const [pending, completed] = fixture("account")["serviceEntries"] ?? [];

function entry(changes: Row = {}) {
  const made = connector.normalise(STREAM, { ...pending, ...changes }, context);
  if ("unfit" in made) throw new Error(made.unfit);
  return made;
}

function many(count: number): Record<string, Row[]> {
  return {
    serviceEntries: Array.from({ length: count }, (_, at) => ({
      ...pending,
      id: 90_000 + at,
      updated_at: `2026-10-${String(1 + Math.floor(at / 30)).padStart(2, "0")}T10:${String(at % 30).padStart(2, "0")}:00-06:00`,
    })),
  };
}

test("in a client's account only our entries come in; samples and other vendors' are counted and dropped", async () => {
  account = await openAccount();
  const pages = await readAll(account, null);
  expect(pages.flatMap((page) => page.records.map(({ id }) => id)).sort()).toEqual([
    "88123",
    "88124",
    "88127",
    "88130",
  ]);
  expect(pages.reduce((sum, page) => sum + page.dropped, 0)).toBe(3);
});

test("our own fleet keeps every vendor's entries, and no samples", async () => {
  account = await openAccount();
  const client = account.clientWith({ book: "cost", ourVendorIds: undefined });
  const page = await connector.reader.page(client, { stream: STREAM, next: null, since: null });
  expect(page.records.length).toBe(6);
  expect(page.dropped).toBe(1);
});

test("the list is followed by cursor in ceil(n / 100) requests and goes on from any boundary", async () => {
  account = await openAccount(many(230));
  const pages = await readAll(account, null);
  expect(account.requests()).toBe(3);
  expect(new Set(pages.flatMap((page) => page.records.map(({ id }) => id))).size).toBe(230);
  const again = await connector.reader.page(account.client, {
    stream: STREAM,
    next: pages[0]?.next ?? null,
    since: null,
  });
  expect(again).toEqual(pages[1]);
});

test("an entry edited while the list is paged may come twice and hides none", async () => {
  account = await openAccount(many(230));
  const first = await connector.reader.page(account.client, { stream: STREAM, next: null, since: null });
  await account.plant([
    {
      at: "2026-11-01T15:01:00.000Z",
      collection: "serviceEntries",
      key: "90000",
      op: "update",
      fields: { general_notes: "x" },
    },
  ]);
  await account.clock("2026-11-01T15:01:00.000Z");
  const seen = new Set(first.records.map(({ id }) => id));
  for (let next = first.next; next !== null; ) {
    const page = await connector.reader.page(account.client, { stream: STREAM, next, since: null });
    for (const { id } of page.records) seen.add(id);
    next = page.next;
  }
  expect(seen.size).toBe(230);
});

test("an incremental read asks from the mark less the overlap, as instants and not as text", async () => {
  account = await openAccount();
  const [whole] = await readAll(account, null);
  expect(whole?.mark).toBe("2026-10-31T20:31:00-06:00");
  const pages = await readAll(account, whole?.mark ?? null);
  expect(pages.flatMap((page) => page.records.map(({ id }) => id))).toEqual(["88124"]);
});

test("a page that does not say it was filtered and sorted as asked is not believed", async () => {
  account = await openAccount();
  const body = {
    start_cursor: null,
    next_cursor: null,
    per_page: 100,
    filtered_by: [],
    sorted_by: [{ id: "desc" }],
    records: [],
  };
  await account.faults({ path: "service_entries" }, { kind: "status", status: 200, body });
  await expect(readAll(account, null)).rejects.toMatchObject({ kind: "malformed" });
});

test("an entry that was deleted is proven gone by its own 404", async () => {
  account = await openAccount();
  const page = await connector.reader.byIds(account.client, STREAM, ["88123", "12345"]);
  expect(page.records.map(({ id }) => id)).toEqual(["88123"]);
});

test("the version header goes with every request, and an older version is refused in the settings", async () => {
  account = await openAccount();
  const old = account.clientWith({ apiVersion: "2023-03-01" });
  await expect(connector.reader.page(old, { stream: STREAM, next: null, since: null })).rejects.toMatchObject({
    kind: "bad-input",
  });
  expect(connector.settings.safeParse({ ...context.connection, ourVendorIds: undefined }).success).toBe(false);
});

test("a 429 waits as long as it says; 401 and 403 are a person's matter", async () => {
  account = await openAccount();
  await account.dials({ requestsPerMinute: 1 });
  await readAll(account, null);
  await expect(readAll(account, null)).rejects.toMatchObject({
    kind: "rate-limited",
    detail: { retryAt: "2026-11-01T15:01:00.000Z" },
  });
  await account.dials({ requestsPerMinute: null, deniedOperations: ["listServiceEntries"] });
  await expect(readAll(account, null)).rejects.toMatchObject({ kind: "unauthorised" });
});

test("pending may mean completed for three days after the work was done elsewhere", () => {
  expect(entry().facts).toMatchObject({
    work: { word: "pending", also: { states: ["completed"], hoursAfterCompletion: 72 } },
    billing: { set: billings },
    charge: 18_900,
    payment: null,
    carry: { started_at: "2026-10-29T08:15:00-06:00", meterValue: "84210.0" },
  });
  expect(entry({ status: "archived" })).toMatchObject({
    facts: { work: { set: works, unknown: true } },
    notices: ["unknown-word: status archived"],
  });
});

test("an entry belongs to our local day and keeps the day printed in the client's books", () => {
  const made = connector.normalise(STREAM, { ...completed, completed_at: "2026-11-01T00:30:00-04:00" }, context);
  expect(made).toMatchObject({
    facts: { serviceDay: "2026-10-31", carry: { printedDay: "2026-11-01" }, keys: { reference: "10241" } },
    keys: [{ kind: "reference", value: "10241" }],
  });
});

test("an entry that the client books in another month than we do says so, since reports by month will differ", () => {
  const noticesAt = (completed_at: string | null) =>
    connector.normalise(STREAM, { ...completed, completed_at }, context) as { notices: readonly string[] };
  const cut = "cut-off: completed on 2026-11-01 in the client's books, on 2026-10-31 in ours";
  expect(noticesAt("2026-11-01T00:30:00-04:00").notices).toEqual([cut]);
  expect(noticesAt("2026-11-02T00:30:00-04:00").notices).toEqual([]);
  expect(noticesAt("2026-10-31T22:30:00-06:00").notices).toEqual([]);
  expect(noticesAt("2027-10-31T22:30:00-06:00").notices).toEqual([]);
  expect(noticesAt(null).notices).toEqual([]);
});

test("the document's example fits as it stands", () => {
  const { list } = fixture<{ list: { records: Row[] } }>("example");
  for (const record of list.records) {
    expect(connector.normalise(STREAM, record, context)).toMatchObject({ facts: { kind: "job", charge: 0 } });
  }
});

test("every optional field may be missing or null", () => {
  for (const name of Object.keys(pending ?? {}).filter((key) => key !== "id")) {
    expect(connector.normalise(STREAM, { ...pending, [name]: null }, context)).toHaveProperty("facts");
    const { [name]: _gone, ...without } = pending ?? {};
    expect(connector.normalise(STREAM, without, context)).toHaveProperty("facts");
  }
});

test("an event is believed only with the right signature over its raw bytes", () => {
  const body = Buffer.from(JSON.stringify({ id: 1, event: "service_entry_updated", payload: { id: 88123 } }));
  const signature = createHmac("sha256", secret.webhookSecret).update(body).digest("hex");
  const verify = connector.webhook?.verify;
  expect(verify?.({ "X-Fleetio-Webhook-Signature": signature }, body, secret)).toBe(true);
  expect(verify?.({ "x-fleetio-webhook-signature": signature }, Buffer.concat([body, Buffer.from(" ")]), secret)).toBe(
    false,
  );
  expect(verify?.({ "x-fleetio-webhook-signature": "00" }, body, secret)).toBe(false);
  expect(verify?.({}, body, secret)).toBe(false);
  expect(verify?.({ "x-fleetio-webhook-signature": signature }, body, { ...secret, webhookSecret: undefined })).toBe(
    false,
  );
});

test("events name the entry to read, and everything else nothing", () => {
  const hints = connector.webhook?.hints;
  for (const event of ["service_entry_created", "service_entry_updated", "service_entry_deleted"]) {
    expect(hints?.({ event, payload: { id: 88123 } })).toEqual([{ stream: STREAM, ids: ["88123"] }]);
  }
  expect(hints?.({ event: "vehicle_updated", payload: { id: 7 } })).toEqual([]);
  expect(hints?.("nonsense")).toEqual([]);
});

test.each<[string, Row, readonly string[]]>([
  [
    "texts and numbers",
    { created_record_ids: ["1", "3"], updated_record_ids: [], affected_record_ids: [1, 3] },
    ["1", "3"],
  ],
  ["numbers alone", { created_record_ids: [1], updated_record_ids: [2], affected_record_ids: [1, 2] }, ["1", "2"]],
  ["one list and nothing else", { affected_record_ids: [7], created_record_ids: null }, ["7"]],
  ["a kind that is theirs", { type: "ServiceEntryImport", created_record_ids: ["1"] }, ["1"]],
  ["no kind", { type: null, created_record_ids: ["1"] }, ["1"]],
])("an import of entries names each of them once: %s", (_name, payload, ids) => {
  const event = { id: 12, event: "import_completed", payload: { id: 9, state: "complete", ...payload } };
  expect(connector.webhook?.hints(event)).toEqual([{ stream: STREAM, ids }]);
});

test.each<[string, Row]>([
  ["another kind", { type: "EquipmentImport", created_record_ids: ["68892"], affected_record_ids: [68_892] }],
  ["another kind, in numbers", { type: "VehicleImport", updated_record_ids: [88_123] }],
  ["no ids", { type: "ServiceEntryImport", created_record_ids: [], updated_record_ids: [], affected_record_ids: [] }],
])("an import names nothing: %s", (_name, payload) => {
  expect(connector.webhook?.hints({ event: "import_completed", payload })).toEqual([]);
});

test("a cursor that stays where it is ends a read at its second request, and says so", async () => {
  account = await openAccount();
  const page = { start_cursor: null, next_cursor: "c1", per_page: 100, filtered_by: [], records: [pending] };
  const stands = { kind: "status", status: 200, body: { ...page, sorted_by: [{ updated_at: "asc" }] } };
  await account.faults({ path: "service_entries" }, stands, { times: 5 });
  await expect(readAll(account, null)).rejects.toMatchObject({ kind: "malformed" });
  expect(account.requests()).toBe(2);
});

test.each([
  [undefined, 2],
  ["c1", 1],
])("so it is where all entries are asked for from the cursor %s: after %i requests", async (cursor, requests) => {
  account = await openAccount();
  const body = { start_cursor: cursor ?? null, next_cursor: "c1", filtered_by: [], sorted_by: [], records: [] };
  await account.faults({ path: "service_entries" }, { kind: "status", status: 200, body }, { times: 5 });
  const from = cursor === undefined ? {} : { start_cursor: cursor };
  const asked = fleetio.listServiceEntries(account.client, { fetchAll: true, ...from });
  await expect(asked).rejects.toMatchObject({ kind: "malformed" });
  expect(account.requests()).toBe(requests);
});

test.each([
  ["84210.0", "84210.0"],
  [84_210.5, "84210.5"],
  [0, "0"],
  [" 84210 ", "84210"],
  ["84,210", undefined],
  ["84210 mi", undefined],
  ["-1", undefined],
  ["1e5", undefined],
  ["", undefined],
  [" ", undefined],
  [null, undefined],
])("a meter value is a number or none: %j", (value, carried) => {
  const { facts } = entry({ primary_meter_entry: { value, void: false } });
  expect(facts.kind === "job" && facts.carry["meterValue"]).toBe(carried);
});
