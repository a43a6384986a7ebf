import { createHmac } from "node:crypto";
import type { Context, OpenContext, OpenRoute, Reply, Route } from "../kit/vendor.ts";
import type { Account } from "../kit/world.ts";
import { problem } from "./problems.ts";

/** Seconds that a token lives, on the simulated clock. */
export const TOKEN_SECONDS = 900;

/** A token says whose it is and until when, signed with that account's secret: it stays good over a restart. */
function signed(account: Account, expires: number): string {
  const body = Buffer.from(JSON.stringify({ account: account.id, expires })).toString("base64url");
  return `${body}.${createHmac("sha256", account.credentials["clientSecret"] ?? "")
    .update(body)
    .digest("base64url")}`;
}

function accountOfToken(token: string, { accounts, now }: OpenContext): Account | undefined {
  for (const account of accounts.values()) {
    const expires = expiryIn(token);
    if (expires !== null && signed(account, expires) === token) return Date.parse(now) < expires ? account : undefined;
  }
  return undefined;
}

function expiryIn(token: string): number | null {
  const claims = /"expires":(\d+)/.exec(Buffer.from(token.split(".")[0] ?? "", "base64url").toString("utf8"));
  return claims ? Number(claims[1]) : null;
}

const oauthError = (error: string): Reply => ({ status: 400, body: { error } });

/** POST /connect/token: a form with the client's credentials, the only grant there is. */
export const tokenRoute: OpenRoute = {
  method: "POST",
  path: "/connect/token",
  operation: "token",
  open: true,
  asker: ({ request, accounts }) => {
    const asked = new URLSearchParams(request.text).get("client_id");
    return [...accounts.values()].find(({ credentials }) => credentials["clientId"] === asked);
  },
  handle: (context) => {
    const form = new URLSearchParams(context.request.text);
    if (!(context.request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")) {
      return oauthError("invalid_request");
    }
    if (form.get("grant_type") !== "client_credentials") return oauthError("unsupported_grant_type");
    const account = [...context.accounts.values()].find(
      ({ credentials }) =>
        credentials["clientId"] === form.get("client_id") && credentials["clientSecret"] === form.get("client_secret"),
    );
    if (!account) return oauthError("invalid_client");
    const token = signed(account, Date.parse(context.now) + TOKEN_SECONDS * 1000);
    return {
      status: 200,
      body: { access_token: token, expires_in: TOKEN_SECONDS, token_type: "Bearer", scope: "tn.jpm tn.acc tn.crm" },
    };
  },
};

/** A refusal of the caller as the dial has it, which is read for whoever the path or the token names. */
function refusal(status: 401 | 403, title: string, bodies: string): Reply {
  if (bodies === "empty") return { status };
  return bodies === "text" ? { status, text: title } : problem(status, title);
}

/** Bearer token, application key and the tenant of the path must be of one account. */
export function authenticate(context: OpenContext): { account: Account } | { reply: Reply } {
  const { headers, path } = context.request;
  const token = /^Bearer (.+)$/.exec(headers["authorization"] ?? "")?.[1];
  const account = token === undefined ? undefined : accountOfToken(token, context);
  const tenant = /^\/[a-z]+\/v2\/tenant\/([^/]+)\//.exec(path)?.[1];
  const asked = [...context.accounts.values()].find(({ credentials }) => credentials["tenant"] === tenant);
  const refused = (status: 401 | 403, title: string) => ({
    reply: refusal(status, title, context.dialsOf(account ?? asked).text("refusalBodies")),
  });
  if (!account) return refused(401, "The access token is absent, wrong or expired.");
  if (headers["st-app-key"] !== account.credentials["applicationKey"])
    return refused(401, "The application key is wrong.");
  if (tenant !== undefined && tenant !== account.credentials["tenant"]) {
    return refused(403, `The application has no access to tenant ${tenant}.`);
  }
  return { account };
}

/** Scopes, then the limit per second, which is counted only while the vendor's clock is the real one. */
export function admit(context: Context, _route: Route | undefined): Reply | undefined {
  const denied = context.dials.value("deniedResources");
  const resource = /^\/([a-z]+)\/v2\/tenant\/[^/]+\/([^/]+)/.exec(context.request.path);
  if (Array.isArray(denied) && resource && denied.includes(`${resource[1]}/${resource[2]}`)) {
    return refusal(403, "Scope validation failed", context.dials.text("refusalBodies"));
  }
  const real = Date.now();
  if (Math.abs(Date.parse(context.now) - real) > 2000) return undefined;
  if (context.meter("requests", String(Math.floor(real / 1000))) <= context.dials.number("requestsPerSecond"))
    return undefined;
  const reply: Reply = problem(429, "Rate limit is exceeded. Try again in 1 seconds.");
  return context.dials.text("tooManyRequests") === "header" ? { ...reply, headers: { "retry-after": "1" } } : reply;
}
