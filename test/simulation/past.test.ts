import { expect, test } from "vitest";
import { canonicalJson } from "#shared/domain/ids.ts";
import { compareInstants } from "#shared/domain/time.ts";
import { evidenceOf } from "#shared/pipeline/evidence.ts";
import { pastStates, stateAt } from "#shared/pipeline/past-states.ts";
import { company, connectors } from "./company.ts";
import { runSeed } from "./run.ts";
import type { Witness } from "./witness.ts";

const seeds = 24;

type Stored = Witness["stored"][number];

/** What stood at an instant: the last commit of which neither it nor one before it came later. */
function stoodAt(commits: readonly Stored[], instant: string): Stored | undefined {
  const firstLater = commits.findIndex(({ at }) => compareInstants(at, instant) > 0);
  return commits.slice(0, firstLater < 0 ? undefined : firstLater).at(-1);
}

test(`in ${seeds} seeds every state a job was ever stored as is rebuilt byte for byte, by version and by instant`, async () => {
  const counted = { jobs: 0, states: 0, payloads: 0, untold: 0, joined: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const { world, played } = await runSeed({ seed });
    const [{ witness }] = played;
    const { jobs } = world.company(company.id);
    for (const [job, commits] of Map.groupBy(witness.stored, (one) => one.job)) {
      const [now, past] = [await jobs.load(job), await jobs.past(job)];
      const rebuilt = [...pastStates(now, past)].reverse();
      expect(rebuilt.map(({ version }) => version)).toEqual(commits.map(({ version }) => version));
      for (const [place, commit] of commits.entries()) {
        expect(canonicalJson(rebuilt[place]?.state), `seed ${seed}, ${job} ${commit.version}`).toBe(commit.json);
        const then = stateAt(now, past, commit.at);
        const stood = stoodAt(commits, commit.at);
        expect(then?.version).toBe(stood?.version);
        expect(then ? canonicalJson(then.state) : undefined).toBe(stood?.json);
      }
      const ports = { archive: world.archive, describer: (vendor: string) => connectors[vendor] };
      // Pages are read anew for each job: in some of the seeds.
      const evidence = seed > 6 ? [] : await evidenceOf(ports, company, now.state);
      for (const { record, page, readsSame } of evidence) {
        expect(page, `seed ${seed}: ${record} of ${job}`).not.toBe(null);
        expect(readsSame).toBe(true);
        counted.payloads++;
      }
      counted.jobs++;
      counted.states += commits.length;
      counted.untold += commits.length - (await jobs.history(job)).length;
      counted.joined += now.state.forwardTo === null ? 0 : 1;
    }
  }
  const { jobs, states, untold, joined } = counted;
  process.stdout.write(
    `${states} states of ${jobs} jobs, ${untold} of them told by no line, ${joined} jobs joined into others\n`,
  );
  expect(counted.payloads).toBeGreaterThan(0);
  expect(untold).toBeGreaterThan(0);
  expect(joined).toBeGreaterThan(0);
}, 120_000);
