import { digestOf, recordKey, sameJson } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Observation } from "#shared/domain/observation.ts";
import { type CompanyConfig, connectionOf, zoneOf } from "#shared/domain/policy.ts";
import type { ReadRecord } from "#shared/messages/inbound.ts";
import type { Describer } from "./arrive.ts";
import { archivedPage, pagesOfRead } from "./payloads.ts";
import type { Archive } from "./ports.ts";

/** What the archive holds of one observation of a job. */
export interface Evidence {
  readonly record: string;
  /** The archived page that holds the very payload it was made from; null when there is none. */
  readonly page: string | null;
  /** Whether the payload still means the same; null where there is no payload, or nobody to read it. */
  readonly readsSame: boolean | null;
}

export interface EvidencePorts {
  readonly archive: Archive;
  readonly describer: (vendor: string) => Describer | undefined;
}

/**
 * The vendors' own payloads behind a state, by the digests in it. Law: an observation tells its page; what is found there
 * under another digest is not its payload. Throws what the archive throws, but for an object that is not there.
 */
export async function evidenceOf(
  ports: EvidencePorts,
  company: CompanyConfig,
  state: JobState,
): Promise<readonly Evidence[]> {
  const pages = new Map<string, Promise<readonly ReadRecord[]>>();
  const pageAt = (key: string): Promise<readonly ReadRecord[]> => {
    const page = pages.get(key) ?? archivedPage(ports.archive, key).then((found) => found?.records ?? []);
    pages.set(key, page);
    return page;
  };
  const evidence: Evidence[] = [];
  for (const key of Object.keys(state.observations).sort()) {
    const said = state.observations[key]?.said;
    if (!said) continue;
    let found: Evidence = { record: key, page: null, readsSame: null };
    for (const page of pagesOf(ports, company, said)) {
      const read = (await pageAt(page)).find((one) => isPayloadOf(one, said));
      if (!read) continue;
      found = { record: key, page, readsSame: readsSame(ports, company, said, read) };
      break;
    }
    evidence.push(found);
  }
  return evidence;
}

/** The page of its own stream first; a record may also have come with a page of another stream of its vendor. */
function pagesOf(
  ports: EvidencePorts,
  company: CompanyConfig,
  { record, version, at }: Observation,
): readonly string[] {
  const vendor = connectionOf(company, record.connection)?.vendor;
  const streams = Object.keys((vendor && ports.describer(vendor)?.streams) || {});
  return pagesOfRead(company.id, { ...record, read: version.read, at }, streams);
}

function isPayloadOf(read: ReadRecord, { record, digest }: Observation): boolean {
  return read.stream === record.stream && read.id === record.id && digestOf(read.raw) === digest;
}

function readsSame(ports: EvidencePorts, company: CompanyConfig, said: Observation, read: ReadRecord): boolean | null {
  const connection = connectionOf(company, said.record.connection);
  const describer = connection && ports.describer(connection.vendor);
  if (!connection || !describer) return null;
  const now = describer.normalise(read.stream, read.raw, { connection, zone: zoneOf(company, connection) });
  if ("unfit" in now) return false;
  return sameJson([now.facts, now.parents.map(recordKey)], [said.facts, said.hangsOn]);
}
