import { describe, expect, test } from "vitest";
import { vendors } from "#shared/connectors/vendors.ts";
import { codeIn, everyFile, withoutComments } from "#test/support/sources.ts";

const product = ["shared", "functions", "infra", "cli", "console", "local", "bench"];

/** Where a vendor's name may stand: its connector, its simulator, the two lists, and what configures a company. */
const rooms = (vendor: string): readonly RegExp[] => [
  new RegExp(`^shared/connectors/${vendor}/`),
  new RegExp(`^local/vendors/${vendor}/`),
  /^shared\/connectors\/(vendors|registry)\.ts$/,
  /^local\/vendors\/[^/]+\.ts$/,
  // The demo company is configuration: which systems it has and what happens in them.
  /^local\/demo\//,
  // What is measured of a vendor: its page decoded, its requests counted.
  /^bench\/(decode|pages|requests)\.ts$/,
];

describe("names", () => {
  test.each(vendors)("$title is named in its own rooms and nowhere else", ({ id, title }) => {
    const named = new RegExp(`${id}|${title.replaceAll(" ", "[ _-]?")}`, "i");
    const elsewhere = codeIn(...product)
      .filter(({ path }) => !rooms(id).some((room) => room.test(path)))
      .filter(({ text }) => named.test(text))
      .map(({ path }) => path);
    expect(elsewhere).toEqual([]);
  });

  test("the core never asks which vendor it is", () => {
    const asks = /\bvendor\s*[!=]==?\s*["']/;
    const files = codeIn("shared/domain", "shared/pipeline", "shared/store", "functions");
    expect(files.filter(({ text }) => asks.test(withoutComments(text))).map(({ path }) => path)).toEqual([]);
  });

  test("files are kebab-case", () => {
    const files = codeIn(...product, "test").filter(({ path }) => !/^test\/.*\bfixtures?\//.test(path));
    const odd = files.filter(
      ({ path }) => !/^([a-z0-9-]+\/)*[a-z0-9-]+(\.test|\.config|\.d)?\.(ts|js|cjs|mjs)$/.test(path),
    );
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  test("no file or folder carries a refused word", () => {
    const refused =
      /(^|[/.-])(dto|dtos|helper|helpers|util|utils|manager|processor|mismatch|common|misc|sync-engine|push)([/.-]|$)|(^|\/)(types|interfaces)(\.ts$|\/)/;
    expect(
      everyFile()
        .filter(({ path }) => refused.test(path))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  test("no word of the product is a refused one", () => {
    const refused =
      /\b(\w*DTO|\w*Helper|\w*Utils?|\w*(?<![Ss]ecrets ?)Manager|\w*Processor|\w*[mM]ismatch\w*|SyncEngine)\b/;
    // A vendor's own words stay as the vendor writes them.
    const ours = codeIn(...product).filter(({ path }) => !/^(shared\/connectors|local\/vendors)\/[^/]+\//.test(path));
    expect(ours.filter(({ text }) => refused.test(withoutComments(text))).map(({ path }) => path)).toEqual([]);
  });
});
