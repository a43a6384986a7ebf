import { createPrivateKey, sign } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import * as z from "#shared/domain/schema.ts";
import { type Api, apiOf } from "#shared/replies/api.ts";
import { Usage } from "./command.ts";

/** How the command line finds what it talks to: a stack on this machine by its data folder, or an API by address and token. */
export interface Where {
  readonly data: string;
  readonly api: string | undefined;
  readonly token: string | undefined;
  readonly company: string | undefined;
}

const stackSchema = z.object({
  apiUrl: z.string(),
  companies: z.optional(z.array(z.string())),
  token: z.object({ keyFile: z.string(), keyId: z.string(), issuer: z.string(), audience: z.string() }),
});
const claimsSchema = z.looseObject({ company: z.string() });

/** `company` is the one a command asks for; without it, the one there is. Throws Usage when that cannot be known. */
export function findApi(where: Where, company?: string): Api {
  if (where.api !== undefined) {
    if (!where.token) throw new Usage("--api needs --token");
    const its = companyOfToken(where.token);
    if (company !== undefined && company !== its) throw new Usage(`the token is for ${its}, not for ${company}`);
    return apiOf({ url: where.api, token: where.token, company: its });
  }
  const file = join(resolve(where.data), "stack.json");
  if (!existsSync(file))
    throw new Usage(`no stack runs on ${where.data} (npm start makes one); or say --api URL --token T`);
  const stack = z.parse(stackSchema, JSON.parse(readFileSync(file, "utf8")));
  const chosen = company ?? where.company ?? onlyCompany(stack.companies ?? companiesOfSecrets(where.data), where.data);
  return apiOf({ url: stack.apiUrl, token: signed(stack.token, chosen), company: chosen });
}

/** The one company that may be asked about: the token's, else the one that was said; null where nothing says so. */
export function companyAsked(where: Where): string | null {
  return where.token === undefined ? (where.company ?? null) : companyOfToken(where.token);
}

function onlyCompany(companies: readonly string[], data: string): string {
  const [only, ...others] = companies;
  if (only === undefined) throw new Usage(`${data} tells of no company: say --company ID`);
  if (others.length > 0) throw new Usage(`say --company, one of ${companies.join(", ")}`);
  return only;
}

/** On one machine secrets are named `plumbline/<company>/<connection>` in the data folder. */
function companiesOfSecrets(data: string): readonly string[] {
  const file = join(resolve(data), "secrets.json");
  if (!existsSync(file)) return [];
  const secrets = z.parse(z.record(z.string(), z.unknown()), JSON.parse(readFileSync(file, "utf8")));
  return [...new Set(Object.keys(secrets).flatMap((name) => name.split("/")[1] ?? []))];
}

/** What the token itself says; whether it holds is the API's to decide. */
function companyOfToken(token: string): string {
  const [, body = ""] = token.split(".");
  try {
    return z.parse(claimsSchema, JSON.parse(Buffer.from(body, "base64url").toString("utf8"))).company;
  } catch (cause) {
    throw new Usage("--token is no token with a company in it", { cause });
  }
}

/** A token for the person at this machine, signed with the local stack's own key; good for an hour. */
function signed(at: z.infer<typeof stackSchema>["token"], company: string): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: at.issuer,
    aud: at.audience,
    iat,
    exp: iat + 3600,
    sub: userInfo().username,
    company,
    role: "engineer",
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part({ alg: "RS256", typ: "JWT", kid: at.keyId })}.${part(claims)}`;
  const key = createPrivateKey(readFileSync(at.keyFile));
  return `${input}.${sign("RSA-SHA256", Buffer.from(input), key).toString("base64url")}`;
}
