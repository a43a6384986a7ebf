import { approve } from "#shared/pipeline/decide.ts";
import type { MemoryWorld } from "#test/support/memory-ports.ts";
import { company, connectors } from "./company.ts";
import type { SimulatedPorts } from "./ports.ts";
import type { Witness } from "./witness.ts";

/** A person releases a switch that threw itself. */
export async function release(world: MemoryWorld): Promise<void> {
  const { control } = world.company(company.id);
  if ((await control.state()).stopped) await control.resume("ana");
}

/** A person agrees to everything that is proposed. */
export async function agree(ports: SimulatedPorts, witness: Witness): Promise<void> {
  const page = await ports.jobs.list(null);
  for (const { state } of page.jobs) {
    for (const intent of state.intents) {
      if (intent.kind !== "write" || !intent.needsApproval || intent.approved || state.forwardTo) continue;
      witness.person(intent);
      await approve({ ...ports, describer: (vendor) => connectors[vendor] }, company, {
        job: state.id,
        intent: intent.id,
        bound: intent.bound,
        by: "ana",
      });
    }
  }
}
