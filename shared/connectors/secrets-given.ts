import { randomUUID } from "node:crypto";
import { Failure } from "#shared/domain/failure.ts";
import { placesWhere, withMember, withoutMember } from "#shared/domain/member.ts";
import type { Call } from "#shared/messages/call.ts";
import type { OperationRow } from "./connector.ts";
import { type Prepared, type Preparing, prepare } from "./prepare.ts";
import { secretPlaces } from "./secret-places.ts";

/**
 * The input with its secrets in place. Throws Failure `bad-input`, which names paths and never a value: a secret that
 * stands in the input, which is stored; one that has no place there; one that is none.
 */
export function withSecrets(
  rows: readonly OperationRow[],
  input: unknown,
  secrets: Readonly<Record<string, string>>,
): unknown {
  const [kept] = secretPlaces(rows, input);
  if (kept !== undefined)
    throw wrong(
      `input.${kept}: left out: what stands in the input is stored, and ${kept} never is; give it as a secret`,
    );
  let full = input;
  for (const [path, secret] of Object.entries(secrets)) {
    full = withMember(full, path.split("."), secret);
    if (full === null) throw wrong(`secrets: the input has no place ${path}`);
  }
  const found = secretPlaces(rows, full);
  const none = Object.keys(secrets).find((path) => !found.includes(path));
  if (none !== undefined) throw wrong(`secrets: ${none} is no secret of this vendor: it belongs into the input`);
  return full;
}

/** A prepared request without its secrets, and where in its JSON body each belongs. */
export interface PreparedWithout extends Prepared {
  readonly withheld: Call["withheld"];
}

/**
 * As prepare, of an input whose secrets are named by path and not known here: marks nobody can guess go through the
 * operation in their place, and where they come out is where the secrets belong. Throws Failure `bad-input` also where
 * one comes out elsewhere than as a member of the JSON body of a write.
 */
export async function prepareWithout(
  row: OperationRow,
  input: unknown,
  paths: readonly string[],
  preparing: Preparing,
): Promise<PreparedWithout> {
  const marks = Object.fromEntries(paths.map((path) => [path, randomUUID()]));
  const { request, writes } = await prepare(row, withSecrets(preparing.rows, input, marks), preparing);
  const withheld = Object.entries(marks).map(([path, mark]) => {
    const [at] = writes ? placesWhere(request.json, (_name, member) => member === mark) : [];
    if (at === undefined) throw wrong(`secrets: ${path} can be sent in the JSON body of a write, and nowhere else`);
    return { path, at: [...at] };
  });
  const json = withheld.reduce((body, { at }) => withoutMember(body, at), request.json);
  return { request: { ...request, ...(json === undefined ? {} : { json }) }, writes, withheld };
}

function wrong(message: string): Failure {
  return new Failure("bad-input", message);
}
