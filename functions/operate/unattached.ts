import { countsPage } from "#shared/pipeline/in-and-out.ts";
import { unattachedPage } from "#shared/pipeline/unattached.ts";
import type { Asked, Desk } from "./request.ts";

/** A page of money in no job, by customer; what it costs stands at `unattachedPage`. */
export async function unattached({ ports }: Desk, asked: Asked): Promise<object> {
  return unattachedPage(ports, asked.query["next"] ?? null);
}

/** A page of the counts in and out; it reads a claim for every record, see `countsPage`. */
export async function unattachedCounts({ company, ports }: Desk, asked: Asked): Promise<object> {
  const page = await countsPage(ports, company, asked.query["next"] ?? null);
  return page ? { counts: [page.counts], next: page.next } : { counts: [], next: null };
}
