import { describe } from "vitest";
import { dueContract } from "./ports-due.ts";
import { claimsContract, jobsContract } from "./ports-jobs.ts";
import { controlContract, keepingContract } from "./ports-keeping.ts";
import type { PortsUnderTest } from "./ports-samples.ts";

/** One suite for every implementation of the ports: what it says of memory it says of DynamoDB. */
export function portsContract(name: string, open: () => Promise<PortsUnderTest>): void {
  describe(`ports on ${name}`, () => {
    jobsContract(open);
    claimsContract(open);
    dueContract(open);
    keepingContract(open);
    controlContract(open);
  });
}
