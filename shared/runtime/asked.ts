import type { CompanyConfig } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import type { HttpReply } from "./http-api.ts";

/**
 * The roles of people, each may also do what those before it may: a viewer reads, a bookkeeper decides, an engineer
 * stops, resumes, configures and calls operations by hand.
 */
export const roles = ["viewer", "bookkeeper", "engineer"] as const;
export type Role = (typeof roles)[number];

/** A request that is not done, with what the person is told. `problems` name a path in what was sent and what was expected. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly reply: HttpReply;

  constructor(
    status: 400 | 403 | 404 | 409 | 429 | 502 | 504,
    error: string,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(error);
    this.reply = { status, json: { error, ...more } };
  }
}

/** Who asks, by the token's claims. */
export interface Person {
  readonly sub: string;
  readonly company: string;
  readonly role: Role;
}

/** A request that was let in. */
export interface Asked {
  readonly person: Person;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

const claimsSchema = z.object({ sub: z.string(), company: z.string(), role: z.enum(roles) });

/** The person of the token. Throws Refused 403: another company's token, or a role that may not do this. */
export function personOf(claims: Readonly<Record<string, unknown>>, company: string, least: Role): Person {
  const parsed = z.safeParse(claimsSchema, claims);
  if (!parsed.success) throw new Refused(403, `the token needs sub, company and role (${roles.join(", ")})`);
  const person = parsed.data;
  if (person.company !== company) throw new Refused(403, `the token is for another company than ${company}`);
  if (roles.indexOf(person.role) < roles.indexOf(least))
    throw new Refused(403, `this needs the role ${least}; the token says ${person.role}`);
  return person;
}

/** The body as the route expects it. Throws Refused 400 with path and expectation. */
export function bodyOf<Schema extends z.ZodMiniType>({ body }: Asked, schema: Schema): z.infer<Schema> {
  const text = new TextDecoder().decode(body);
  let sent: unknown;
  try {
    sent = JSON.parse(text === "" ? "{}" : text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // Its message would repeat what stands there, which may be a password.
    throw new Refused(400, "the body is not JSON", { problems: [{ path: "", expected: "expected JSON" }] });
  }
  const parsed = z.safeParse(schema, sent);
  if (parsed.success) return parsed.data;
  throw unfit(parsed.error.issues);
}

/** One of the values a query parameter may have; null when it is not given. Throws Refused 400. */
export function choiceOf<Choice extends string>(
  { query }: Asked,
  name: string,
  choices: readonly Choice[],
): Choice | null {
  const said = query[name];
  if (said === undefined || said === "") return null;
  const found = choices.find((choice) => choice === said);
  if (found !== undefined) return found;
  throw unfit([{ path: [name], message: `expected one of ${choices.join(", ")}` }]);
}

/** The connection named in the query; null when none is. Throws Refused 400 for one the company does not have. */
export function connectionAsked(asked: Asked, company: CompanyConfig): string | null {
  return choiceOf(
    asked,
    "connection",
    company.connections.map(({ id }) => id),
  );
}

/** Refused 400 with what does not fit, path by path. */
export function unfit(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): Refused {
  const problems = issues.map(({ path, message }) => ({ path: path.map(String).join("."), expected: message }));
  return new Refused(
    400,
    `the request does not fit: ${problems.map((one) => `${one.path || "body"}: ${one.expected}`).join("; ")}`,
    {
      problems,
    },
  );
}
