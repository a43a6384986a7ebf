import { memberAt, placesWhere, withMember } from "#shared/domain/member.ts";

/** Whatever names secret members: the rows of a vendor, or one of them. */
export type Secretive = readonly { readonly secrets?: readonly string[] }[];

/** What is named like one is taken for one, in a request that no table describes and in a vendor's next version. */
const like = /password|passphrase|passcode|secret|signature/i;

/**
 * Where an input holds what is never stored, as paths with dots (`items.0.signature`): members of the names that the
 * vendor's rows call secret, at any depth and in any case, since a line of an invoice signs under the same name wherever
 * it stands; texts that are named like one; and pairs of key and value whose key is.
 */
export function secretPlaces(rows: Secretive, input: unknown): readonly string[] {
  const names = new Set(rows.flatMap((row) => row.secrets ?? []).map((name) => name.toLowerCase()));
  const isSecret = (name: string, member: unknown): boolean =>
    names.has(name.toLowerCase()) || (typeof member === "string" && like.test(name));
  return placesWhere(input, (name, member, owner) => {
    const key = memberAt(owner, ["key"]);
    return isSecret(name, member) || (name === "value" && typeof key === "string" && isSecret(key, member));
  }).map((place) => place.join("."));
}

/** A value as it may be shown: secrets, at any depth, are told as such. */
export function withoutSecrets(rows: Secretive, value: unknown): unknown {
  return secretPlaces(rows, value).reduce<unknown>(
    (shown, path) => withMember(shown, path.split("."), "[redacted]") ?? shown,
    value,
  );
}
