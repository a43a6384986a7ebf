import { shadowPage } from "#shared/pipeline/shadow-period.ts";
import { periodOf } from "./replay.ts";
import type { Asked, Desk } from "./request.ts";

const ever = "1970-01-01T00:00:00Z";

/** A page of plans that were not made because the mode is `observe`, with what people did instead; all time unless said. */
export async function shadow({ company, ports }: Desk, { query }: Asked): Promise<object> {
  const period = periodOf(company, query["from"] ?? ever, query["to"] ?? (await ports.clock.now()));
  return { ...period, ...(await shadowPage(ports, company, period, query["next"] ?? null)) };
}
