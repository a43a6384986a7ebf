import { type CompanyConfig, configSchema } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { checkConfig, problemSentence } from "#shared/pipeline/config-check.ts";
import { type Asked, bodyOf, Refused } from "./request.ts";

export interface ConfigDeps {
  /** Vendors there is code for. */
  readonly vendors: readonly string[];
  /** Puts the company's configuration into the table and names the company in this cell. */
  applyCompany(company: CompanyConfig): Promise<void>;
}

/**
 * Applies one company's part of a configuration document: the part of the token's company, never another's, so that no
 * engineer of one company touches a second. The vendors' own settings are checked by `plumbline config check` and by
 * each connector before its first request.
 */
export async function applyConfig(deps: ConfigDeps, asked: Asked): Promise<object> {
  const company = companyIn(deps, asked, bodyOf(asked, z.looseObject({})));
  await deps.applyCompany(company);
  return { applied: company.id, connections: company.connections.map(({ id }) => id) };
}

/** The asking company's part of a configuration document. Throws Refused 400 with path and expectation. */
export function companyIn(deps: Pick<ConfigDeps, "vendors">, asked: Asked, document: unknown): CompanyConfig {
  const problems = checkConfig(document, { vendors: deps.vendors, settingsOf: () => null });
  if (problems.length > 0)
    throw new Refused(400, `the configuration does not fit: ${problems.map(problemSentence).join("; ")}`, { problems });
  const { companies } = z.parse(configSchema, document);
  const company = companies.find((known) => known.id === asked.person.company);
  if (!company) throw new Refused(400, `the document holds no company ${asked.person.company}`);
  return company;
}
