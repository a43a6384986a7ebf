import { type AwsAccess, type AwsCall, signedCalls } from "./signed-call.ts";

/** What a table is asked through. A function that already signs calls for its other services passes those instead. */
export function dynamoClient(access: AwsAccess): AwsCall {
  return signedCalls(access);
}
