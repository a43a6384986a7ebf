import type { Failure } from "#shared/domain/failure.ts";
import { failureOf } from "../classify.ts";
import type { Answer, VendorHttp } from "../connector.ts";
import type { VendorClient } from "../vendor-client.ts";
import { secretOf, settingsOf } from "./settings.ts";

/** The word is `Token`, not Bearer; the version header stands on every request. */
async function authorise(client: VendorClient): Promise<Readonly<Record<string, string>>> {
  const { apiKey, accountToken } = secretOf(client);
  return {
    authorization: `Token ${apiKey}`,
    "account-token": accountToken,
    "x-api-version": settingsOf(client.connection).apiVersion,
  };
}

/** Limits are counted in minutes of the clock, per account token; Retry-After says how many seconds are left. */
function classify(answer: Answer): Failure | null {
  return answer.status === 429 ? failureOf(answer, "rate-limited", "was told to slow down", "minute") : null;
}

/** 20 a minute is the document's example; the plan decides, so a connection's budget stands over it. */
export const http: VendorHttp = { limits: { perMinute: 20 }, authorise, classify };
