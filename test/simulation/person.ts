import { approve } from "#shared/pipeline/decide.ts";
import { unlink } from "#shared/pipeline/unlink.ts";
import type { MemoryWorld } from "#test/support/memory-ports.ts";
import { company, connectors } from "./company.ts";
import type { SimulatedPorts } from "./ports.ts";
import type { Script } from "./script.ts";
import type { Witness } from "./witness.ts";

const describer = (vendor: string) => connectors[vendor];

/** Who decides for the company, at every look. */
export class Person {
  /** Whether the link that the script wants taken back was. */
  isParted = false;
  private readonly world: MemoryWorld;
  private readonly witness: Witness;
  private readonly parted: Script["parted"];

  constructor(world: MemoryWorld, witness: Witness, { parted }: Script) {
    this.world = world;
    this.witness = witness;
    this.parted = parted;
  }

  /** `minute` after the start; `holds` the stop switch herself, or else releases one that threw itself. */
  async look(ports: SimulatedPorts, minute: number, holds: boolean): Promise<void> {
    if (!holds) await this.release();
    await this.agree(ports);
    if (this.parted && !this.isParted && this.parted.minute <= minute) await this.part(ports, this.parted.record);
  }

  private async release(): Promise<void> {
    const { control } = this.world.company(company.id);
    if ((await control.state()).stopped) await control.resume("ana");
  }

  /** She agrees to everything that is proposed. */
  private async agree(ports: SimulatedPorts): Promise<void> {
    const page = await ports.jobs.list(null);
    for (const { state } of page.jobs) {
      for (const intent of state.intents) {
        if (intent.kind !== "write" || !intent.needsApproval || intent.approved || state.forwardTo) continue;
        this.witness.person(intent);
        await approve({ ...ports, describer }, company, {
          job: state.id,
          intent: intent.id,
          bound: intent.bound,
          by: "ana",
        });
      }
    }
  }

  /** She says that a record is another job than the one it was linked to; what cannot be parted yet waits for the next look. */
  private async part(ports: SimulatedPorts, record: string): Promise<void> {
    const asked = { record, by: "ana", why: "two visits", apart: true };
    this.isParted = (await unlink({ ...ports, describer }, company, asked)).unlinked;
  }
}
