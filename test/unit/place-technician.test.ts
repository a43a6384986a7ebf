import { beforeEach, describe, expect, test } from "vitest";
import { personIdOf } from "#shared/domain/ids.ts";
import { sets } from "#shared/pipeline/link.ts";
import { type PlacePorts, settlePlaced } from "#shared/pipeline/place.ts";
import { pinnedByPerson } from "#shared/pipeline/place-person.ts";
import type { Claim } from "#shared/pipeline/ports.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { personComes, whoIs } from "#test/support/person-comes.ts";

let ports: PlacePorts;
beforeEach(() => {
  ports = memoryWorld().company("ridgeline");
});
const dana = "s1/customers/1";
const phone = "3035550101";
const claim = async (key: string): Promise<Claim> => (await ports.claims.load([key]))[0]!;

describe("a technician", () => {
  const works = (key: string, emails: readonly string[], digest = "d1") =>
    personComes(ports, key, { role: "technician", emails }, digest);

  test("is whoever has the e-mail, in any system, and else nobody but this record", async () => {
    await works("s1/technicians/1", ["ana@example.com", "ana@other.example"]);
    await works("s2/technicians/2", ["ana@example.com"]);
    await works("s3/technicians/3", ["ana@other.example"]);
    await works("s1/technicians/4", []);
    await works("s2/technicians/5", []);
    const people = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => whoIs(ports, `s${((n - 1) % 3) + 1}/technicians/${n}`)),
    );
    expect(people[0]).toBe(personIdOf("technician:ana@example.com"));
    expect(people.map((one) => people.indexOf(one))).toEqual([0, 0, 2, 3, 4]);
  });

  test("with another e-mail is somebody else, and stands among that one's records only", async () => {
    await works("s1/technicians/1", ["ana@example.com"]);
    await works("s1/technicians/1", ["ben@example.com"], "d2");
    const members = async (email: string) => ports.sets.list(sets.person(personIdOf(`technician:${email}`)));
    expect(await members("ana@example.com")).toEqual([]);
    expect(await members("ben@example.com")).toEqual([{ member: "s1/technicians/1", data: {} }]);
  });

  test("whose e-mail changed and changed back is who they were, though a crash kept the change from being told", async () => {
    const told = async (email: string) => settlePlaced(ports, (await works("s1/technicians/1", [email])).after);
    await told("ana@example.com");
    await works("s1/technicians/1", ["ben@example.com"]);
    await told("ana@example.com");
    expect(await whoIs(ports, "s1/technicians/1")).toBe(personIdOf("technician:ana@example.com"));
  });

  test("of whom a person said who they are stays that, whatever the e-mail", async () => {
    const stored = { ...(await claim("s1/technicians/1")), version: 0 };
    await ports.claims.save({ stored, next: { ...stored, person: "ana", sets: { [pinnedByPerson]: "ana" } } });
    await works("s1/technicians/1", ["ben@example.com"]);
    expect((await claim("s1/technicians/1")).person).toBe("ana");
    const [again] = await ports.claims.load(["s1/technicians/1"]);
    await ports.claims.save({ stored: again!, next: { ...again!, sets: {} } });
    await works("s1/technicians/1", ["ben@example.com"]);
    expect((await claim("s1/technicians/1")).person).toBe(personIdOf("technician:ben@example.com"));
  });

  test("has their jobs looked at again, not those of a customer with that e-mail, until they were told", async () => {
    await ports.sets.add(sets.names("s1/technicians/1"), "job", {});
    await ports.sets.add(sets.names(dana), "another", {});
    await personComes(ports, dana, { emails: ["ana@example.com"] });
    const tell = async (email: string) => {
      const placed = await works("s1/technicians/1", [email]);
      await settlePlaced(ports, placed.after);
      return placed.waiting;
    };
    expect(await tell("ana@example.com")).toEqual(["job"]);
    expect(await tell("ana@example.com")).toEqual([]);
    expect(await tell("ben@example.com")).toEqual(["job"]);
  });

  test("a phone or a namesake makes nobody the same", async () => {
    await personComes(ports, "s1/technicians/1", { role: "technician", phones: [phone] });
    await personComes(ports, "s2/technicians/2", { role: "technician", phones: [phone] });
    expect((await whoIs(ports, "s1/technicians/1")) === (await whoIs(ports, "s2/technicians/2"))).toBe(false);
  });
});
