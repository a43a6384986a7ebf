import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { kitDials } from "#local/vendors/kit/dials.ts";
import { vendors } from "#local/vendors/list.ts";

const readme = (folder: string) =>
  readFileSync(join(import.meta.dirname, "../../local/vendors", folder, "README.md"), "utf8");

describe("what a simulator assumes is written down", () => {
  test.each(vendors)("every dial of $id stands in its README", ({ id, dials }) => {
    const text = readme(id);
    expect(Object.keys(dials).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  test("every dial of the kit stands in its README", () => {
    const text = readme("kit");
    expect(Object.keys(kitDials).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  test.each(vendors)("the default of each dial of $id is one of its values", ({ dials }) => {
    const odd = Object.entries(dials).filter(([, dial]) => dial.values && !dial.values.includes(dial.default));
    expect(odd).toEqual([]);
  });
});
