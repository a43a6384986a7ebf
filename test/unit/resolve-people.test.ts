import { beforeEach, describe, expect, test } from "vitest";
import type { PlacePorts } from "#shared/pipeline/place.ts";
import { resolvePeople } from "#shared/pipeline/place-person.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

let ports: PlacePorts;
beforeEach(() => {
  ports = memoryWorld().company("ridgeline");
});

describe("who a person is by now", () => {
  const forward = async (from: string, to: string) => {
    const [stored] = await ports.claims.load([`people/forward/${from}`]);
    await ports.claims.save({ stored: stored!, next: { ...stored!, person: to } });
  };

  test("is found however often they were found to be another, each in its place", async () => {
    await forward("d", "c");
    await forward("c", "b");
    await forward("b", "a");
    expect(await resolvePeople(ports.claims, ["x", "d", "b", "d", "a"])).toEqual(["x", "a", "a", "a", "a"]);
    expect(await resolvePeople(ports.claims, [])).toEqual([]);
  });

  test("ends, though two forward to each other", async () => {
    await forward("a", "b");
    await forward("b", "a");
    expect(await resolvePeople(ports.claims, ["a"])).toHaveLength(1);
  });
});
