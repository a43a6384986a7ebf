import { type States, stateSets } from "#shared/domain/fields.ts";
import { type Agreement, type Merged, mergeField, type Side } from "#shared/pipeline/merge.ts";

/** One side of a field, written as `now<base`: an editor without a question unless more is said. */
export function side(
  record: string,
  rank: number,
  now: States,
  base: States | null,
  more: Partial<Side<States>> = {},
): Side<States> {
  return {
    record,
    connection: record,
    rank,
    editor: true,
    now,
    base,
    ask: false,
    held: false,
    written: false,
    ...more,
  };
}

export const merge = (before: Agreement<States>, sides: readonly Side<States>[]): Merged<States> =>
  mergeField(stateSets, before, sides);

type Told = Pick<Merged<States>, "sides">;
/** Who is asked about before anything is written there. */
export const asks = ({ sides }: Told): readonly string[] => sides.filter(({ ask }) => ask).map(({ record }) => record);
/** Who disagrees with what is agreed. */
export const behind = ({ sides }: Told): readonly string[] =>
  sides.filter(({ agrees }) => !agrees).map(({ record }) => record);
/** Whose word of now has been taken into account. */
export const rebased = ({ sides }: Told): readonly string[] =>
  sides.filter(({ rebase }) => rebase).map(({ record }) => record);
