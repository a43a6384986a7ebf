import type { PersonFacts } from "#shared/domain/facts.ts";
import type { Placed, PlacePorts } from "#shared/pipeline/place.ts";
import { placePerson, resolvePeople } from "#shared/pipeline/place-person.ts";

/** A reading of a customer called Dana Whitfield, or what `more` says otherwise. */
export function personComes(
  ports: PlacePorts,
  key: string,
  more: Partial<PersonFacts> = {},
  digest = "d1",
): Promise<Placed> {
  const plain = {
    kind: "person",
    role: "customer",
    presence: "present",
    name: "Dana Whitfield",
    mergedTo: null,
  } as const;
  const version = { modified: null, read: 1 };
  return placePerson(ports, key, { ...plain, phones: [], emails: [], ...more }, { digest, version });
}

/** Who a record's person is by now. */
export async function whoIs(ports: PlacePorts, key: string): Promise<string | undefined> {
  const [claim] = await ports.claims.load([key]);
  return (await resolvePeople(ports.claims, [claim?.person ?? key]))[0];
}
