import type * as z from "#shared/domain/schema.ts";
import type { BoardShown } from "#shared/replies/board.ts";
import type { jobReplySchema } from "#shared/replies/explained.ts";
import type { breaksSchema, feedsSchema, receiptsSchema } from "#shared/replies/lists.ts";
import type { PlanShown } from "#shared/replies/plan.ts";
import type { UnattachedCustomer } from "#shared/replies/unattached.ts";
import type { Asking } from "./action.ts";
import type { Place } from "./place.ts";
import type { Session } from "./session.ts";

/** All that the page knows. What was not asked for yet is null. */
export interface State {
  readonly session: Session | null;
  readonly place: Place;
  readonly board: BoardShown | null;
  readonly plan: PlanShown | null;
  readonly breaks: z.output<typeof breaksSchema>["breaks"] | null;
  /** The first customers, and whether there are more. */
  readonly unattached: { readonly customers: readonly UnattachedCustomer[]; readonly more: boolean } | null;
  readonly receipts: z.output<typeof receiptsSchema>["receipts"] | null;
  readonly feeds: z.output<typeof feedsSchema> | null;
  /** The jobs of the name that `place` has; a number may name several. */
  readonly jobs: z.output<typeof jobReplySchema>["jobs"] | null;
  readonly asking: Asking | null;
  /** A request is on its way. */
  readonly working: boolean;
  /** What came of the last thing done. */
  readonly said: { readonly good: boolean; readonly text: string } | null;
  /** Asks again every few seconds while the page is seen. */
  readonly follow: boolean;
}

export const nothingKnown: State = {
  session: null,
  place: { at: "money" },
  board: null,
  plan: null,
  breaks: null,
  unattached: null,
  receipts: null,
  feeds: null,
  jobs: null,
  asking: null,
  working: false,
  said: null,
  follow: false,
};
