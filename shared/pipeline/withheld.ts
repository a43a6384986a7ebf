import { Failure } from "#shared/domain/failure.ts";
import { withMember } from "#shared/domain/member.ts";
import type { Call, CallLook, CallRequest } from "#shared/messages/call.ts";
import type { Looked } from "./sight.ts";

/** What a call needs at its sending and nothing keeps, from the person who waits for it. */
export interface Given {
  readonly by: string;
  /** By the names under which the stored call withholds them. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The vendor's own words, which are stored nowhere: they may repeat what was given. */
  told(failure: Failure): void;
}

/** A request as it goes out, with the texts that no failure may repeat. */
export type Sent = CallRequest & { readonly secrets?: readonly string[] };

/** What is kept of an answer that may print what was withheld: the members that were looked for, and whose they are. */
export function withoutMore(look: CallLook, looked: Looked): Looked {
  if ("missing" in looked) return looked;
  const wanted = new Set(["id", "uuid", ...look.rows.split("."), ...namesIn(look.wants)]);
  return { value: onlyMembers(looked.value, wanted) };
}

/** The request as it goes out; null while what it needs was not given. */
export function filled({ request, withheld }: Call, given: Given | null): Sent | null {
  let { json } = request;
  for (const { path, at } of withheld) {
    const secret = given?.secrets[path];
    json = secret === undefined ? null : withMember(json, at, secret);
    if (json === null) return null;
  }
  return given === null ? request : { ...request, json, secrets: Object.values(given.secrets) };
}

/** A failure as it may be stored. */
export function wordless({ kind, detail }: Failure, call: Call): Failure {
  const { body: _said, ...rest } = detail;
  const status = detail.status === undefined ? "" : ` with ${detail.status}`;
  const message = `answered${status}; its words are not kept, they may repeat ${namesOf(call)}`;
  return new Failure(kind, message, rest);
}

/** What the sender gives, by its names. */
export function namesOf({ withheld }: Call): string {
  return withheld.map(({ path }) => path).join(", ");
}

function namesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => [name, ...namesIn(member)]);
}

function onlyMembers(value: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => onlyMembers(one, names));
  if (typeof value !== "object" || value === null) return value;
  const some = Object.entries(value).filter(([name]) => names.has(name));
  return Object.fromEntries(some.map(([name, member]: [string, unknown]) => [name, onlyMembers(member, names)]));
}
