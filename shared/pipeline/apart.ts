import type { JobState } from "#shared/domain/job.ts";
import { viewOf } from "#shared/domain/view.ts";
import { sets } from "./link.ts";
import type { SetStore } from "./ports.ts";

/** Why two records are held apart: a person said so. */
export interface Apart {
  readonly by: string;
  readonly at: string;
  readonly why: string;
}

/** Remembers that these records are not one thing, under both of them: no rule joins them, nothing proposes them again. */
export async function holdApart(
  ports: Pick<SetStore, "add">,
  left: readonly string[],
  right: readonly string[],
  said: Apart,
): Promise<void> {
  for (const a of left) {
    for (const b of right) {
      await ports.add(sets.apart(a), b, { ...said });
      await ports.add(sets.apart(b), a, { ...said });
    }
  }
}

/** A person has thought again. */
export async function holdTogether(
  ports: Pick<SetStore, "remove">,
  left: readonly string[],
  right: readonly string[],
): Promise<void> {
  for (const a of left) {
    for (const b of right) {
      await ports.remove(sets.apart(a), b);
      await ports.remove(sets.apart(b), a);
    }
  }
}

/** Whether a person has said of any record of the one and any of the other that they are not the same job. */
export async function areApart(ports: Pick<SetStore, "list">, mine: JobState, other: JobState): Promise<boolean> {
  const others = new Set(viewOf(other).roots.map((root) => root.key));
  for (const root of viewOf(mine).roots)
    for (const { member } of await ports.list(sets.apart(root.key))) if (others.has(member)) return true;
  return false;
}
