import { company } from "./company.ts";
import type { Books } from "./vendors.ts";

/** Something that a person does in a vendor, at a minute after the start. */
export interface Act {
  readonly minute: number;
  readonly name: string;
  /** Whose vendor. */
  readonly company: string;
  readonly run: (books: Books) => void;
}

/** An act in a vendor of the company whose day it is. */
export function act(minute: number, name: string, run: (books: Books) => void): Act {
  return { minute, name, company: company.id, run };
}

/** The id of a job's row in a stream whose ids start after a number. */
export const id = (from: number, job: number): string => String(from + job);
