import { expect, test } from "vitest";
import { faultsOf } from "./checks.ts";
import { allDefects, type Defect, defects } from "./defects.ts";
import { runSeed } from "./run.ts";

/** No check knows of any defect: the laws alone have to notice, within this many seeds. */
const mostSeeds = 100;

async function firstNotice(defect: Defect): Promise<string | null> {
  for (let seed = 1; seed <= mostSeeds; seed++) {
    const ran = await runSeed({ seed, defect });
    const twin = ran.script.kind === "c" ? await runSeed({ seed, faultless: true }) : null;
    const [wrong] = await faultsOf(ran, twin);
    if (wrong !== undefined) return `seed ${seed}: ${wrong}`;
  }
  return null;
}

for (const defect of allDefects) {
  test(`noticed: ${defects[defect]}`, async () => {
    const noticed = await firstNotice(defect);
    expect(noticed, defect).not.toBeNull();
    process.stdout.write(`${defect}: ${noticed?.slice(0, 160)}\n`);
  }, 180_000);
}
