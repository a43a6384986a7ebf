import { beforeEach, expect, test } from "vitest";
import { digestOf, jobIdOf } from "#shared/domain/ids.ts";
import { type Evidence, evidenceOf } from "#shared/pipeline/evidence.ts";
import { card, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";

let desk: DeskCompany;
const raw = card("o1", "10263");
const page = "pages/ridgeline/2026-11-02/office/jobs/1.json";

/** The page of the office's first read, as a poller puts it away. */
const put = (payload: object, key = page): void => {
  const at = "2026-11-02T08:00:00.000Z";
  const read = {
    stream: "jobs",
    id: "o1",
    modified: at,
    read: 1,
    at,
    digest: digestOf(payload),
    raw: payload,
    form: "reprinted",
  };
  desk.world.archive.objects.set(key, JSON.stringify([read]));
};

async function evidence(): Promise<Evidence | undefined> {
  const { state } = await desk.ports.jobs.load(jobIdOf("office/jobs/o1"));
  return (await evidenceOf(desk.ports, desk.company, state))[0];
}

beforeEach(async () => {
  desk = await deskCompany();
  await desk.say("office", "jobs", "o1", raw);
});

test("an observation's page is the one that its read made, and holds the payload of its digest", async () => {
  put(raw);
  expect(await evidence()).toEqual({ record: "office/jobs/o1", page, readsSame: true });
});

test("a record that came with a page of another stream is found there", async () => {
  const other = page.replace("/jobs/", "/invoices/");
  put(raw, other);
  expect(await evidence()).toMatchObject({ page: other });
});

test("a payload that is not there, or is another than was read, is no evidence", async () => {
  expect(await evidence()).toEqual({ record: "office/jobs/o1", page: null, readsSame: null });
  put({ ...raw, actual_amount: 451 });
  expect(await evidence()).toMatchObject({ page: null });
});

test("a payload that would be read otherwise today says so", async () => {
  put(raw);
  const { state } = await desk.ports.jobs.load(jobIdOf("office/jobs/o1"));
  const known = state.observations["office/jobs/o1"];
  if (known?.said?.facts.kind !== "job") throw new Error("the office said something of its job");
  const said = { ...known.said, facts: { ...known.said.facts, charge: 1 } };
  const earlier = { ...state, observations: { "office/jobs/o1": { ...known, said } } };
  expect(await evidenceOf(desk.ports, desk.company, earlier)).toMatchObject([{ page, readsSame: false }]);
});

test("an archive that cannot be read is no missing payload", async () => {
  const down = { ...desk.ports, archive: { ...desk.world.archive, get: () => Promise.reject(new Error("no answer")) } };
  const { state } = await desk.ports.jobs.load(jobIdOf("office/jobs/o1"));
  await expect(evidenceOf(down, desk.company, state)).rejects.toThrow("no answer");
});
