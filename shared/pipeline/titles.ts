import type { CompanyConfig } from "#shared/domain/policy.ts";

/** A system as people read it: its vendor's title, with the connection's id where the company has two of that vendor. */
export function titleIn(company: CompanyConfig, connection: string, titles: Readonly<Record<string, string>>): string {
  const vendor = company.connections.find((known) => known.id === connection)?.vendor ?? connection;
  const title = titles[vendor] ?? vendor;
  const several = company.connections.filter((known) => known.vendor === vendor).length > 1;
  return several ? `${title} ${connection}` : title;
}
