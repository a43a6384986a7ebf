import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that play whole days, longest first: begun last, one of them would keep a worker busy while the other idles. */
const longest = [
  "test/stories/stories",
  "test/endurance/",
  "test/demo/demo",
  "test/stories/refusals",
  "test/infra/synth",
];

/** On a fresh clone nothing is known of how long files take; by size alone the longest, which are short, came last. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((part) => moduleId.includes(`/${part}`));
      return found === -1 ? longest.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
