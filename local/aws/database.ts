import type { Keeper } from "./keeper.ts";

/** A running local DynamoDB. */
export interface Database {
  readonly url: string;
  /** It ends the database with the runner, and the sandboxes too. */
  readonly keeper: Keeper;
  close(): Promise<void>;
}
