import { afterEach, expect, test } from "vitest";
import { connector } from "#shared/connectors/servicetitan/index.ts";
import { fixture, openTenant, type Row, readAll, type Tenant } from "./servicetitan-support.ts";

let tenant: Tenant | undefined;
afterEach(async () => {
  await tenant?.close();
  tenant = undefined;
});

const idsOf = (pages: Awaited<ReturnType<typeof readAll>>) => pages.flatMap((page) => page.records.map(({ id }) => id));

function manyJobs(count: number, modified: (at: number) => string): Row[] {
  const [first] = fixture("office")["jobs"] ?? [];
  return Array.from({ length: count }, (_, at) => ({
    ...first,
    id: 20_000 + at,
    jobNumber: String(20_000 + at),
    modifiedOn: modified(at),
  }));
}

test("every stream is read whole, and its mark is the newest modified time as printed", async () => {
  tenant = await openTenant(fixture("office"));
  const counts: Row = {};
  for (const stream of Object.keys(connector.streams)) {
    const pages = await readAll(tenant, stream, null);
    expect(pages.flatMap((page) => page.unfit)).toEqual([]);
    counts[stream] = idsOf(pages).length;
    if (stream === "jobs") expect(pages.at(-1)?.mark).toBe("2026-10-28T16:28:55.8446004Z");
  }
  expect(counts).toEqual({
    jobs: 4,
    appointments: 2,
    assignments: 1,
    invoices: 4,
    payments: 1,
    "credit-memos": 1,
    bookings: 1,
    customers: 2,
    locations: 1,
    technicians: 3,
    "business-units": 1,
    "job-cancel-reasons": 1,
  });
});

test("a customer comes with the phones and e-mails of its contacts", async () => {
  tenant = await openTenant(fixture("office"));
  const { records } = await connector.reader.byIds(tenant.client, "customers", ["11", "12"]);
  const facts = [...records]
    .sort((a, b) => Number(a.id) - Number(b.id))
    .map(({ stream, raw }) => connector.normalise(stream, raw, contextOf(tenant)));
  expect(facts[0]).toMatchObject({
    facts: { phones: ["3035550142"], emails: ["ana@harlan.example"], presence: "present" },
  });
  expect(facts[1]).toMatchObject({ facts: { presence: "inactive", mergedTo: { stream: "customers", id: "11" } } });
});

test("a customer that is not active costs the others none of their contacts", async () => {
  tenant = await openTenant(fixture("office"));
  const conflict = { kind: "status", status: 409, body: { title: "Customer ID = 12 is not active" } };
  await tenant.faults({ path: "/customers/(12/)?contacts$" }, conflict);
  const contacts = (pages: Awaited<ReturnType<typeof readAll>>) =>
    pages.flatMap(({ records }) => records.map(({ id, raw }) => [id, Object(raw).contacts.length])).sort();
  const held = [
    ["11", 3],
    ["12", 0],
  ];
  expect(contacts(await readAll(tenant, "customers", null))).toEqual(held);
  expect(contacts([await connector.reader.byIds(tenant.client, "customers", ["11", "12"])])).toEqual(held);
});

test("contacts that could not be read for another reason are not taken for none", async () => {
  tenant = await openTenant(fixture("office"));
  await tenant.faults({ path: "/customers/contacts$" }, { kind: "status", status: 503, body: {} });
  await expect(readAll(tenant, "customers", null)).rejects.toMatchObject({ kind: "transient" });
});

test("a customer whose contact alone changed is read again", async () => {
  tenant = await openTenant(fixture("office"));
  const [first] = await readAll(tenant, "customers", null);
  await tenant.plant([
    {
      at: "2026-10-29T09:00:00.000Z",
      collection: "contacts",
      key: "91",
      op: "update",
      fields: { value: "3035550177" },
    },
  ]);
  await tenant.clock("2026-10-29T09:30:00.000Z");
  const pages = await readAll(tenant, "customers", first?.mark ?? null);
  const raw = pages.flatMap((page) => page.records).find(({ id }) => id === "11")?.raw;
  expect(connector.normalise("customers", raw, contextOf(tenant))).toMatchObject({ facts: { phones: ["3035550177"] } });
});

test("reading goes on from any page boundary, also when the vendor gives fewer rows than asked", async () => {
  tenant = await openTenant({
    jobs: manyJobs(23, (at) => `2026-10-${String(1 + (at % 20)).padStart(2, "0")}T00:00:00Z`),
  });
  await tenant.dials({ rowsPerPage: 5 });
  const whole = await readAll(tenant, "jobs", null);
  expect(new Set(idsOf(whole)).size).toBe(23);
  expect(whole.length).toBeGreaterThan(4);
  for (const [at, page] of whole.entries()) {
    const again = await connector.reader.page(tenant.client, {
      stream: "jobs",
      next: whole[at - 1]?.next ?? null,
      since: null,
    });
    expect(again.records.map(({ id }) => id)).toEqual(page.records.map(({ id }) => id));
    expect(again.next).toBe(page.next);
  }
});

test("more records than a page with one and the same modified time are all read", async () => {
  tenant = await openTenant({ jobs: manyJobs(12, () => "2026-10-05T00:00:00.1234567Z") });
  await tenant.dials({ rowsPerPage: 5 });
  expect(new Set(idsOf(await readAll(tenant, "jobs", null))).size).toBe(12);
});

test("a job edited while the list is paged moves no unread one out of sight", async () => {
  tenant = await openTenant({
    jobs: manyJobs(20, (at) => `2026-10-01T00:${String(at).padStart(2, "0")}:00.0000001Z`),
  });
  await tenant.dials({ rowsPerPage: 5 });
  const seen = new Set<string>();
  let next: string | null = null;
  for (let turn = 0; ; turn += 1) {
    const page: Awaited<ReturnType<typeof readAll>>[number] = await connector.reader.page(tenant.client, {
      stream: "jobs",
      next,
      since: null,
    });
    for (const { id } of page.records) seen.add(id);
    if (turn < 3) {
      // Two of those already read are edited: page numbers would now skip two unread ones.
      const at = `2026-10-29T08:0${turn + 1}:00.000Z`;
      const edit = (key: number) => ({
        at,
        collection: "jobs",
        key: String(key),
        op: "update",
        fields: { summary: at },
      });
      await tenant.plant([edit(20_000 + turn * 2), edit(20_001 + turn * 2)]);
      await tenant.clock(at);
    }
    next = page.next;
    if (next === null) break;
  }
  expect(seen.size).toBe(20);
});

test("an incremental read asks from the mark less the overlap and costs one request", async () => {
  tenant = await openTenant({
    jobs: manyJobs(30, (at) => `2026-10-29T0${at % 8}:00:00.0000007Z`),
  });
  await readAll(tenant, "jobs", null);
  const before = tenant.requests();
  const pages = await readAll(tenant, "jobs", "2026-10-29T07:00:00.0000007Z");
  expect(tenant.requests() - before).toBe(1);
  expect(idsOf(pages).length).toBe(3);
});

test("assignments without a modified time go on from the newest one that was made", async () => {
  tenant = await openTenant(fixture("office"));
  const strip = (assignedOn: string) => ({
    ...fixture("office")["assignments"]?.[0],
    assignedOn,
    modifiedOn: undefined,
  });
  const body = { hasMore: false, data: [strip("2026-10-20T00:00:00.0000002Z"), strip("2026-10-05T00:00:00Z")] };
  await tenant.faults({ path: "/appointment-assignments" }, { kind: "status", status: 200, body }, { times: 1 });
  const [page] = await readAll(tenant, "assignments", null);
  expect(page?.records.map(({ modified }) => modified)).toEqual([null, null]);
  expect(page?.mark).toBe("2026-10-20T00:00:00.0000002Z");
});

test("the total of a full read is asked again at its end, so that drift shows", async () => {
  tenant = await openTenant({ jobs: manyJobs(8, (at) => `2026-10-0${at + 1}T00:00:00Z`) });
  await tenant.dials({ rowsPerPage: 3 });
  const pages = await readAll(tenant, "jobs", null);
  expect(pages.map((page) => page.total)).toEqual(pages.map(() => 8));
});

test("inactive records are read, and those not there are told apart", async () => {
  tenant = await openTenant(fixture("office"));
  const { records } = await connector.reader.byIds(tenant.client, "invoices", ["74", "71", "999"]);
  expect(records.map(({ id }) => id).sort()).toEqual(["71", "74"]);
  const inactive = records.find(({ id }) => id === "74");
  expect(connector.normalise("invoices", inactive?.raw, contextOf(tenant))).toMatchObject({
    facts: { presence: "inactive" },
  });
});

test("a record without id or modified time is kept apart with its reason, and its page goes on", async () => {
  const [first] = fixture("office")["jobs"] ?? [];
  tenant = await openTenant({ jobs: [{ ...first }] });
  const stripped = { ...first, modifiedOn: null };
  await tenant.faults(
    { path: "/jobs" },
    {
      kind: "status",
      status: 200,
      body: { page: 1, pageSize: 500, hasMore: false, totalCount: null, data: [{ a: 1 }, stripped, first] },
    },
  );
  const [page] = await readAll(tenant, "jobs", null);
  expect(page?.records.map(({ id }) => id)).toEqual(["10290"]);
  expect(page?.unfit.map(({ reason }) => reason)).toEqual(["no id", "no modifiedOn"]);
});

test("a page that says more follows and shows nothing proves nothing", async () => {
  tenant = await openTenant(fixture("office"));
  await tenant.faults({ path: "/jobs" }, { kind: "status", status: 200, body: { hasMore: true, data: [] } });
  await expect(readAll(tenant, "jobs", null)).rejects.toMatchObject({ kind: "malformed" });
});

test("a token that has ended is renewed and the request sent once more", async () => {
  tenant = await openTenant(fixture("office"));
  await readAll(tenant, "jobs", null);
  // The simulator's clock alone moves on: our side still believes in its token.
  await tenant.control("PUT", "clock", { now: "2026-10-29T09:00:00.000Z" });
  expect(idsOf(await readAll(tenant, "jobs", null)).length).toBe(4);
});

test("a 429 that names its seconds only in the title says when to come again", async () => {
  tenant = await openTenant(fixture("office"));
  await tenant.faults(
    { path: "/jobs" },
    { kind: "status", status: 429, body: { title: "Rate limit is exceeded. Try again in 17 seconds." } },
  );
  await expect(readAll(tenant, "jobs", null)).rejects.toMatchObject({
    kind: "rate-limited",
    detail: { retryAt: "2026-10-29T08:00:17.000Z" },
  });
});

test("a resource without scope fails alone", async () => {
  tenant = await openTenant(fixture("office"));
  await tenant.dials({ deniedResources: ["accounting/payments"] });
  await expect(readAll(tenant, "payments", null)).rejects.toMatchObject({ kind: "unauthorised" });
  expect(idsOf(await readAll(tenant, "invoices", null)).length).toBe(4);
});

test("credentials that the vendor refuses are a person's matter, and stand in no message", async () => {
  tenant = await openTenant(fixture("office"));
  await tenant.control("POST", "accounts", {
    id: "st-main",
    credentials: { tenant: "4242", clientId: "x", clientSecret: "y", applicationKey: "z" },
  });
  const failure = await readAll(tenant, "jobs", null).catch((cause: unknown) => cause);
  expect(failure).toMatchObject({ kind: "unauthorised" });
  expect(JSON.stringify(failure)).not.toContain("cs.test");
});

function contextOf(open: Tenant | undefined) {
  if (!open) throw new Error("no tenant is open");
  return { connection: open.connection, zone: "America/Denver" };
}
