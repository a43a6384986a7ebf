import { expect, test } from "vitest";
import { kitDials } from "#local/vendors/kit/dials.ts";
import { vendors } from "#local/vendors/list.ts";
import { codeIn } from "#test/support/sources.ts";

/** A dial that no test of its vendor sets, `{ rowsPerPage: 1 }`, may turn nothing at all. */
test.each([...vendors, { id: "kit", dials: kitDials }])(
  "every dial of the simulator $id is set by some test",
  ({ id, dials }) => {
    const tests = codeIn("test").filter(({ path, text }) => path.includes(id) || text.includes(`"${id}"`));
    const sets = (name: string) => new RegExp(`\\b${name}(: (?!\\()| })`);
    expect(Object.keys(dials).filter((name) => !tests.some(({ text }) => sets(name).test(text)))).toEqual([]);
  },
);
