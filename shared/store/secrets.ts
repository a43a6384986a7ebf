import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import type { Secrets } from "#shared/pipeline/ports.ts";
import { type AwsCall, AwsError, serviceHost } from "./signed-call.ts";

/** A changed secret is in use after this long at the latest; this process's memory, so the system's own clock. */
const trustedMs = 5 * 60_000;

const headers = {
  "content-type": "application/x-amz-json-1.1",
  "x-amz-target": "secretsmanager.GetSecretValue",
};

const answerSchema = z.object({ SecretString: z.string() });

/** Secrets Manager, by name. Throws Failure `unauthorised` when there is no such secret or it holds no JSON. */
export function secretsManager(aws: AwsCall, millis: () => number = Date.now): Secrets {
  const cache = new Map<string, { readonly at: number; readonly value: Promise<unknown> }>();
  return {
    get: (name) => {
      const known = cache.get(name);
      if (known && millis() - known.at < trustedMs) return known.value;
      const value = read(aws, name);
      cache.set(name, { at: millis(), value });
      // A read that failed is not remembered.
      value.catch(() => cache.delete(name));
      return value;
    },
  };
}

function urlOf({ access }: AwsCall): URL {
  return new URL(access.endpoints.secretsmanager ?? `https://${serviceHost("secretsmanager", access.region)}/`);
}

async function read(aws: AwsCall, name: string): Promise<unknown> {
  let text: string;
  try {
    const body = JSON.stringify({ SecretId: name });
    const answer = await aws.send({ service: "secretsmanager", method: "POST", url: urlOf(aws), headers, body });
    text = answerSchema.parse(JSON.parse(answer)).SecretString;
  } catch (error) {
    if (error instanceof AwsError && error.status < 500) {
      throw new Failure("unauthorised", `secret ${name} cannot be read: ${error.code}`, {}, { cause: error });
    }
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    // The parser's own message may quote the secret.
    throw new Failure(
      "unauthorised",
      `secret ${name} is not JSON`,
      {},
      { cause: cause instanceof Error ? cause.name : "" },
    );
  }
}
