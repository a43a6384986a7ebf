import { beforeEach, expect, test } from "vitest";
import { digestOf, jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Observation } from "#shared/domain/observation.ts";
import { type Evidence, type EvidencePorts, evidenceOf } from "#shared/pipeline/evidence.ts";
import { card, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";

let desk: DeskCompany;
const raw = card("o1", "10263");
const page = "pages/ridgeline/2026-11-02/office/jobs/1.json";

/** The page of the office's first read, as a poller puts it away. */
const put = (payload: object, key = page, other: object = {}): void => {
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
    ...other,
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

/** The office's job as it was read, with another word on what it is. */
async function stored(change: (said: Observation) => Observation): Promise<JobState> {
  const { state } = await desk.ports.jobs.load(jobIdOf("office/jobs/o1"));
  const known = state.observations["office/jobs/o1"];
  if (!known?.said) throw new Error("the office said something of its job");
  return { ...state, observations: { "office/jobs/o1": { ...known, said: change(known.said) } } };
}
const found = async (state: JobState, through: Partial<EvidencePorts> = {}) =>
  evidenceOf({ ...desk.ports, ...through }, desk.company, state);

test.each([
  ["what it hangs on", (said: Observation) => ({ ...said, hangsOn: ["office/jobs/o2"] })],
  [
    "a word of it",
    (said: Observation) => ({ ...said, facts: { ...said.facts, title: "Leak" } as Observation["facts"] }),
  ],
])("a payload reads otherwise today by %s", async (_name, change) => {
  put(raw);
  expect(await found(await stored(change))).toMatchObject([{ page, readsSame: false }]);
});

test("a payload that its connector no longer takes reads otherwise, and with no connector nobody can say", async () => {
  put(raw);
  const state = await stored((said) => said);
  const plain = desk.ports.describer("customtrades");
  if (!plain) throw new Error("the office's vendor has a connector");
  const unfit = { ...plain, normalise: () => ({ unfit: "no id" }) };
  expect(await found(state, { describer: () => unfit })).toMatchObject([{ page, readsSame: false }]);
  expect(await found(state, { describer: () => undefined })).toEqual([
    { record: "office/jobs/o1", page, readsSame: null },
  ]);
});

test("a payload of a connection that is configured no more is found, though nobody can read it", async () => {
  put(raw);
  const { connections } = desk.company;
  const company = { ...desk.company, connections: connections.filter(({ id }) => id !== "office") };
  const state = await stored((said) => said);
  expect(await evidenceOf(desk.ports, company, state)).toEqual([{ record: "office/jobs/o1", page, readsSame: null }]);
});

test.each([
  ["another record", { id: "o2" }],
  ["a record of another stream", { stream: "invoices" }],
])("the same payload of %s is no evidence", async (_name, other) => {
  put(raw, page, other);
  expect(await evidence()).toMatchObject({ page: null });
  put(raw, page.replace("/jobs/", "/invoices/"));
  expect(await evidence()).toMatchObject({ page: page.replace("/jobs/", "/invoices/"), readsSame: true });
});

test("records are told in their order, each page read once, and one that said nothing is not told", async () => {
  put(raw);
  const state = await stored((said) => said);
  const known = state.observations["office/jobs/o1"];
  const gone = { said: null, seenRead: 0, absent: { read: 1, at: "", how: "deleted" as const } };
  const observations = { "office/jobs/o9": gone, "office/jobs/o2": known!, "office/jobs/o1": known! };
  const asked: string[] = [];
  const archive = { ...desk.world.archive, get: (key: string) => (asked.push(key), desk.world.archive.get(key)) };
  const told = await found({ ...state, observations }, { archive });
  expect(told.map(({ record }) => record)).toEqual(["office/jobs/o1", "office/jobs/o2"]);
  expect(asked).toEqual([page]);
});
