import { memoryWorld } from "#test/support/memory-ports.ts";
import { portsContract } from "./ports-contract.ts";

portsContract("memory", async () => memoryWorld());
