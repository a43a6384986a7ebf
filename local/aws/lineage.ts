import { createHash, randomBytes } from "node:crypto";

/** AWS stops a function that has been invoked about this often in one chain of requests (Lambda, recursive loop detection). */
export const longestChain = 16;

/** How often each function stands in a chain, by a short hash of its ARN. */
type Lineage = Map<string, number>;

/**
 * The trace header of an invocation caused by messages that carried these headers: each function keeps its highest
 * count, and `functionArn` stands once more. AWS's SDK passes the header on with everything the function sends.
 */
export function traceHeader(causes: readonly string[] = [], functionArn?: string): string {
  const lineage: Lineage = new Map();
  for (const cause of causes) {
    for (const [hash, count] of lineageIn(cause)) lineage.set(hash, Math.max(count, lineage.get(hash) ?? 0));
  }
  if (functionArn !== undefined) lineage.set(hashOf(functionArn), (lineage.get(hashOf(functionArn)) ?? 0) + 1);
  const root = `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
  const chain = [...lineage].map(([hash, count]) => `${hash}:${count}`).join("|");
  return `Root=${root};Parent=${randomBytes(8).toString("hex")};Sampled=0${chain ? `;Lineage=${chain}` : ""}`;
}

/** How often the function has already been invoked in the chain that the header stands for. */
export function timesInChain(header: string | undefined, functionArn: string): number {
  return header === undefined ? 0 : (lineageIn(header).get(hashOf(functionArn)) ?? 0);
}

function lineageIn(header: string): Lineage {
  const chain = /(?:^|;)Lineage=([^;]*)/.exec(header)?.[1] ?? "";
  const pairs = chain.split("|").filter(Boolean);
  return new Map(
    pairs.map((pair) => {
      const [hash = "", count = "0"] = pair.split(":");
      return [hash, Number(count)];
    }),
  );
}

function hashOf(functionArn: string): string {
  return createHash("sha256").update(functionArn).digest("hex").slice(0, 8);
}
