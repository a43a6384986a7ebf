import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "#shared/domain/schema.ts";
import type { AuthorizerSpec } from "./declared-api.ts";

/** Who signs tokens on this machine: an RS256 key pair of its own in the data folder. */
export interface TokenIssuer {
  readonly keyFile: string;
  readonly keyId: string;
  /** A token for these claims, as the template's authorizer wants it, good for twelve hours of real time. */
  sign(claims: Readonly<Record<string, unknown>>, issuer: string, audience: string): string;
  verify(input: string, signature: Buffer): boolean;
}

export type Verdict =
  | { readonly kind: "allowed"; readonly claims: Readonly<Record<string, string>>; readonly scopes: readonly string[] }
  | { readonly kind: "unauthorized"; readonly reason: string }
  | { readonly kind: "forbidden" };

const lifetimeSeconds = 12 * 3600;

/** Reads the key pair in the data folder, or makes one: `token-key.pem` (private, mode 600) and `jwks.json`. */
export function tokenIssuer(dataDir: string): TokenIssuer {
  const keyFile = join(dataDir, "token-key.pem");
  if (!existsSync(keyFile)) {
    mkdirSync(dataDir, { recursive: true });
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  }
  const privateKey = createPrivateKey(readFileSync(keyFile));
  const publicKey = createPublicKey(privateKey);
  const keyId = idOf(publicKey);
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: keyId, alg: "RS256", use: "sig" };
  writeFileSync(join(dataDir, "jwks.json"), JSON.stringify({ keys: [jwk] }));
  return {
    keyFile,
    keyId,
    sign(claims, iss, aud) {
      const iat = Math.floor(Date.now() / 1000);
      const header = encode({ alg: "RS256", typ: "JWT", kid: keyId });
      const input = `${header}.${encode({ iss, aud, iat, exp: iat + lifetimeSeconds, ...claims })}`;
      return `${input}.${sign("RSA-SHA256", Buffer.from(input), privateKey).toString("base64url")}`;
    },
    verify: (input, signature) => verify("RSA-SHA256", Buffer.from(input), publicKey, signature),
  };
}

const headerSchema = z.object({ alg: z.string(), kid: z.optional(z.string()) });
const claimsSchema = z.looseObject({
  iss: z.optional(z.string()),
  aud: z.optional(z.union([z.string(), z.array(z.string())])),
  client_id: z.optional(z.string()),
  exp: z.optional(z.number()),
  nbf: z.optional(z.number()),
  iat: z.optional(z.number()),
  scope: z.optional(z.string()),
  scp: z.optional(z.union([z.string(), z.array(z.string())])),
});

/**
 * What an HTTP API's JWT authorizer decides (API Gateway, "Control access to HTTP APIs with JWT authorizers"): RS256
 * signature and key id, iss, aud (else client_id), exp, nbf and iat against real time in epoch seconds, then scopes.
 */
export function authorize(
  issuer: TokenIssuer,
  spec: AuthorizerSpec,
  scopes: readonly string[],
  authorization: string | undefined,
  nowSeconds: number,
): Verdict {
  const token = authorization?.replace(/^bearer\s+/i, "").trim();
  if (!token) return refused("no token");
  const [head = "", body = "", signature = "", more] = token.split(".");
  const header = z.safeParse(headerSchema, decode(head));
  const parsed = z.safeParse(claimsSchema, decode(body));
  if (!header.success || !parsed.success || more !== undefined) return refused("malformed token");
  const claims = parsed.data;
  if (header.data.alg !== "RS256" || header.data.kid !== issuer.keyId) return refused("signed by an unknown key");
  if (!issuer.verify(`${head}.${body}`, Buffer.from(signature, "base64url"))) return refused("wrong signature");
  if (claims.iss !== spec.issuer) return refused("wrong issuer");
  const audience = [claims.aud ?? claims.client_id ?? []].flat();
  if (!audience.some((name) => spec.audience.includes(name))) return refused("wrong audience");
  if (claims.exp === undefined || claims.exp <= nowSeconds) return refused("the token has expired");
  if ((claims.nbf ?? 0) > nowSeconds || (claims.iat ?? 0) > nowSeconds + 1)
    return refused("the token is not valid yet");
  const granted = [
    claims.scope?.split(" ") ?? [],
    typeof claims.scp === "string" ? claims.scp.split(" ") : (claims.scp ?? []),
  ].flat();
  if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) return { kind: "forbidden" };
  return { kind: "allowed", claims: asStrings(claims), scopes: scopes.length > 0 ? granted : [] };
}

/** API Gateway hands claims on as strings; a list becomes `[a b]`. */
function asStrings(claims: Readonly<Record<string, unknown>>): Record<string, string> {
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(text).join(" ")}]`;
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, text(value)]));
}

function refused(reason: string): Verdict {
  return { kind: "unauthorized", reason };
}

function idOf(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex")
    .slice(0, 16);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Undefined for what is no base64url of JSON: the caller refuses the token. */
function decode(part: string): unknown {
  const text = Buffer.from(part, "base64url").toString("utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
