import { beforeEach, describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { keep, keepAs, type PlacePorts, placeRoot, settlePlaced } from "#shared/pipeline/place.ts";
import type { Claim, StoredClaim } from "#shared/pipeline/ports.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

let ports: PlacePorts;
beforeEach(() => {
  ports = memoryWorld().company("ridgeline");
});

const [jobOne, jobTwo] = [jobIdOf("st/jobs/1"), jobIdOf("st/jobs/2")];
const claim = async (key: string): Promise<StoredClaim> => (await ports.claims.load([key]))[0]!;

describe("a claim that moves while it is changed", () => {
  const fresh = async () => ({ ...(await claim("st/jobs/1")), version: 0 });

  test("gets what the other message left of it changed", async () => {
    const stored = await fresh();
    await ports.claims.save({ stored, next: { ...stored, person: "dana" } });
    expect(await keep(ports, stored, { jobs: [jobOne] })).toMatchObject({ jobs: [jobOne], person: "dana", version: 2 });
    expect(await claim("st/jobs/1")).toMatchObject({ jobs: [jobOne], person: "dana" });
  });

  test("keeps the job that another message gave it first, and no guess made without knowing it", async () => {
    const stored = await fresh();
    await ports.claims.save({ stored, next: { ...stored, jobs: [jobTwo] } });
    expect(await keep(ports, stored, { jobs: [jobOne] })).toMatchObject({ jobs: [jobTwo], version: 1 });
    expect(await keep(ports, { ...stored, jobs: [jobTwo] }, { jobs: [jobOne] })).toMatchObject({ jobs: [jobOne] });
  });

  test("that somebody has read without a job gets the job it is given", async () => {
    const stored = await fresh();
    await ports.claims.save({ stored, next: { ...stored, parked: "no job wants it" } });
    const [known] = await ports.claims.load(["st/jobs/1"]);
    await ports.claims.save({ stored: known!, next: { ...known!, jobs: [jobTwo] } });
    expect(await keep(ports, known!, { jobs: [jobOne] })).toMatchObject({ jobs: [jobOne] });
  });

  test("keeps its jobs when something else of it is changed", async () => {
    await placeRoot(ports, "st/jobs/1");
    const [stored] = await ports.claims.load(["st/jobs/1"]);
    expect(await keep(ports, stored!, { person: "dana" })).toMatchObject({ jobs: [jobOne], person: "dana" });
  });

  test("for ever is a failure that says which", async () => {
    const moving = { ...ports, claims: { ...ports.claims, save: async () => "conflict" as const } };
    await expect(keep(moving, await fresh(), { jobs: [jobOne] })).rejects.toThrow(
      "the claim of st/jobs/1 keeps moving",
    );
  });
});

test("who was told is written down, and who waits no more is taken off the list", async () => {
  await ports.sets.add("waits:a", "b", {});
  const stored = { ...(await claim("st/customers/c1")), version: 0 };
  await settlePlaced(ports, [{ set: "waits:a", member: "b" }, { told: { stored, next: { ...stored, told: "x" } } }]);
  expect(await ports.sets.list("waits:a")).toEqual([]);
  expect((await claim("st/customers/c1")).told).toBe("x");
});

describe("a claim that becomes what is made of it", () => {
  const named =
    (person: string) =>
    (standing: Claim): Claim => ({ ...standing, person });

  test("is written once, also one that says nothing yet", async () => {
    const stored = await claim("st/jobs/1");
    const first = await keepAs(ports, stored, (standing) => standing);
    expect(first).toEqual({ before: stored, kept: { ...stored, version: 1 } });
    const second = await keepAs(ports, first.kept, named("dana"));
    expect(second).toMatchObject({ before: { person: null, version: 1 }, kept: { person: "dana", version: 2 } });
    expect(await keepAs(ports, second.kept, named("dana"))).toEqual({ before: second.kept, kept: second.kept });
    expect(await claim("st/jobs/1")).toEqual(second.kept);
  });

  test("is made of what another message left of it", async () => {
    const stored = await claim("st/jobs/1");
    await ports.claims.save({ stored, next: { ...stored, jobs: [jobTwo] } });
    expect(await keepAs(ports, stored, named("dana"))).toMatchObject({
      ...{ before: { jobs: [jobTwo], person: null }, kept: { jobs: [jobTwo], person: "dana", version: 2 } },
    });
    expect(await claim("st/jobs/1")).toMatchObject({ jobs: [jobTwo], person: "dana" });
  });

  test("for ever moving is a failure that says which", async () => {
    let tries = 0;
    const save: PlacePorts["claims"]["save"] = async () => (tries++, "conflict");
    const moving = { ...ports, claims: { ...ports.claims, save } };
    await expect(keepAs(moving, await claim("st/jobs/1"), named("dana"))).rejects.toThrow(
      "the claim of st/jobs/1 keeps moving",
    );
    expect(tries).toBe(8);
  });
});
