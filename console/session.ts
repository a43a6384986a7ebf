import * as z from "#shared/domain/schema.ts";

export const roles = ["viewer", "bookkeeper", "engineer"] as const;
export type Role = (typeof roles)[number];

/** Who looks, as their token says. Whether the token holds is the API's to decide. */
export interface Session {
  readonly token: string;
  readonly sub: string;
  readonly company: string;
  readonly role: Role;
}

const claims = z.object({ sub: z.string(), company: z.string(), role: z.enum(roles) });

/** Null for what is no token of an operator: three parts, and claims with sub, company and role. */
export function sessionOf(token: string): Session | null {
  const trimmed = token.trim();
  const [, body, signature, more] = trimmed.split(".");
  if (body === undefined || signature === undefined || more !== undefined) return null;
  const parsed = z.safeParse(claims, jsonOf(body));
  return parsed.success ? { token: trimmed, ...parsed.data } : null;
}

/** Whether this person may do what the API lets this role do; the API says so again. */
export function may({ role }: Session, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}

function jsonOf(base64url: string): unknown {
  try {
    const bytes = Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    // Not base64, or not JSON: no token either way.
    if (cause instanceof DOMException || cause instanceof SyntaxError) return null;
    throw cause;
  }
}
