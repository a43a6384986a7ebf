import * as z from "#shared/domain/schema.ts";
import type { AwsAccess } from "#shared/store/signed-call.ts";

/** A JSON object of queue URLs by vendor, as the template passes it in one variable. */
export const queuesByVendor = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string, context): unknown => {
      try {
        return JSON.parse(text);
      } catch (cause) {
        context.issues.push({
          code: "custom",
          input: text,
          message: `expected a JSON object of queue URLs: ${String(cause)}`,
        });
        return z.NEVER;
      }
    }),
  ),
  z.record(z.string(), z.string()),
);

/**
 * Parses a function's environment once, at cold start, and names every missing or wrong variable together.
 * This is the only place that reads process.env.
 */
export function readEnv<Schema extends z.ZodMiniType>(schema: Schema): z.infer<Schema> {
  const result = z.safeParse(schema, process.env);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`environment: ${lines.join("; ")}`);
}

/** The trace of the invocation under way, which Lambda's runtime client sets anew for each; undefined outside of one. */
export function invocationTrace(): string | undefined {
  return process.env["_X_AMZN_TRACE_ID"];
}

/** Present on one machine only: where the clock service answers. Deployed functions read the system clock. */
export const clockEnv = { PLUMBLINE_CLOCK_URL: z.optional(z.string()) };

const awsSchema = z.object({
  AWS_REGION: z.string(),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
  AWS_SESSION_TOKEN: z.optional(z.string()),
  AWS_ENDPOINT_URL: z.optional(z.string()),
  AWS_ENDPOINT_URL_DYNAMODB: z.optional(z.string()),
  AWS_ENDPOINT_URL_SQS: z.optional(z.string()),
  AWS_ENDPOINT_URL_S3: z.optional(z.string()),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: z.optional(z.string()),
});

/**
 * Region, credentials and addresses as the Lambda service hands them over; on one machine the addresses are loopback's.
 * A service's own address goes before `AWS_ENDPOINT_URL`, the one for all (AWS SDKs guide, "Service-specific endpoints").
 */
export function readAws(): AwsAccess {
  const env = readEnv(awsSchema);
  const all = env.AWS_ENDPOINT_URL;
  const endpoints = {
    dynamodb: env.AWS_ENDPOINT_URL_DYNAMODB || all,
    sqs: env.AWS_ENDPOINT_URL_SQS || all,
    s3: env.AWS_ENDPOINT_URL_S3 || all,
    secretsmanager: env.AWS_ENDPOINT_URL_SECRETS_MANAGER || all,
  };
  return {
    region: env.AWS_REGION,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
    },
    endpoints: Object.fromEntries(Object.entries(endpoints).filter(([, url]) => url)),
  };
}
