import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { addSeconds } from "#shared/domain/time.ts";
import { failureOf } from "../classify.ts";
import type { Answer, TokenSource, VendorHttp } from "../connector.ts";
import type { VendorClient } from "../vendor-client.ts";
import { secretOf } from "./settings.ts";

const tokenSchema = z.looseObject({
  access_token: z.string().check(z.minLength(1)),
  /** Seconds; the document says 900. */
  expires_in: z.number().check(z.positive()),
});

/** Client credentials at the connection's authUrl (OAuth 2.0), application key beside the token on every call. */
async function authorise(client: VendorClient, tokens: TokenSource): Promise<Readonly<Record<string, string>>> {
  const token = await tokens.token(() => fetchToken(client));
  return { authorization: `Bearer ${token}`, "st-app-key": secretOf(client).applicationKey };
}

async function fetchToken(client: VendorClient): Promise<{ readonly token: string; readonly lifeSeconds: number }> {
  const { clientId, clientSecret } = secretOf(client);
  try {
    const { value } = await client.request({
      operation: "token",
      method: "POST",
      path: "",
      to: "auth",
      form: { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret },
      schema: tokenSchema,
      writes: false,
    });
    return { token: value.access_token, lifeSeconds: value.expires_in };
  } catch (cause) {
    const status = cause instanceof Failure ? cause.detail.status : undefined;
    if (status === undefined || status >= 500 || status === 429 || status < 400) throw cause;
    // 400 {"error":"invalid_client"}: the request is ours, so the credentials are what is wrong.
    const detail = { connection: client.connection.id, operation: "token" };
    throw new Failure("unauthorised", "ServiceTitan refused the client id or secret", detail, { cause });
  }
}

/**
 * What is ServiceTitan's own in an answer; the common rules know the rest. A 429 without Retry-After says in its title
 * when to come again; the removed payment endpoint says what happened to it.
 */
function classify(answer: Answer): Failure | null {
  const { status, operation } = answer;
  if (status === 429) {
    const failure = failureOf(answer, "rate-limited", "was told to slow down", "second");
    const seconds = /try again in (\d+) seconds?/i.exec(answer.body)?.[1];
    if (failure.detail.retryAt !== undefined || seconds === undefined) return failure;
    const retryAt = addSeconds(answer.now, Math.max(Number(seconds), 1));
    return new Failure(failure.kind, failure.message, { ...failure.detail, retryAt });
  }
  if (operation === "createPayment" && [404, 405, 410].includes(status)) {
    const { message, detail } = failureOf(
      answer,
      "rejected",
      "is gone: ServiceTitan removed this endpoint; record the payment in its screens",
    );
    // A receipt shows what was answered: here the answer says nothing, and this does.
    return new Failure("rejected", message, { ...detail, body: message });
  }
  return null;
}

export const http: VendorHttp = { limits: { perSecond: 60 }, authorise, classify };
