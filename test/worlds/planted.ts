import { type DefectName, defects, type Rules, type StandIns } from "./defects.ts";

/** Which defect stands in for the rules now. */
const planted: { name: DefectName | null } = { name: null };

/** Runs with a defect put in. */
export function withDefect<Result>(name: DefectName, run: () => Result): Result {
  planted.name = name;
  try {
    return run();
  } finally {
    planted.name = null;
  }
}

/** For a module of the rules that a test file replaces: the rule, or whatever stands in for it when it is asked. */
export function standIn<Name extends keyof Rules>(name: Name, real: Rules[Name]): (...words: unknown[]) => unknown {
  return (...words) => {
    const plant: StandIns = planted.name === null ? {} : defects[planted.name].plant;
    const made = plant[name]?.(real) ?? real;
    return Reflect.apply(made, undefined, words);
  };
}
