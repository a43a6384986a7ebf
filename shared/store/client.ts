import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AwsAccess } from "./signed-call.ts";
import { spare } from "./spare-client.ts";

/** The SDK's client with everything said: it looks for no profile, no instance metadata and no other endpoint. */
export function dynamoClient(access: AwsAccess): DynamoDBClient {
  const { region, credentials, endpoints } = access;
  return spare(
    new DynamoDBClient({
      region,
      credentials,
      cacheMiddleware: true,
      ...(endpoints.dynamodb ? { endpoint: endpoints.dynamodb } : {}),
    }),
  );
}
