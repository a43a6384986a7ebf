import { existsSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import * as z from "#shared/domain/schema.ts";
import { account, region } from "./resolve.ts";

const requestSchema = z.object({ SecretId: z.string() });
const fileSchema = z.record(z.string(), z.union([z.string(), z.record(z.string(), z.unknown())]));

/**
 * Secrets Manager's GetSecretValue (JSON 1.1) from a file `{ "name": "text" | { ... } }`, read anew at each request.
 * A secret is asked for by name or by ARN; one that is not there answers ResourceNotFoundException, as AWS does.
 */
export function answerSecret(file: string, target: string, body: Buffer, response: ServerResponse): void {
  if (target !== "secretsmanager.GetSecretValue") {
    return failure(response, "UnknownOperationException", `${target} is not emulated`);
  }
  const request = z.safeParse(requestSchema, JSON.parse(body.toString("utf8")));
  if (!request.success) return failure(response, "InvalidRequestException", "SecretId is required");
  const secrets = z.parse(fileSchema, existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {});
  const name = nameOf(request.data.SecretId, secrets);
  const secret = secrets[name];
  if (secret === undefined) {
    return failure(response, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }
  send(response, 200, {
    ARN: `arn:aws:secretsmanager:${region}:${account}:secret:${name}-local0`,
    Name: name,
    VersionId: "00000000-0000-0000-0000-000000000000",
    VersionStages: ["AWSCURRENT"],
    SecretString: typeof secret === "string" ? secret : JSON.stringify(secret),
    CreatedDate: 0,
  });
}

/** AWS appends a hyphen and six characters to the name in an ARN. */
function nameOf(id: string, secrets: Readonly<Record<string, unknown>>): string {
  const name = id.startsWith("arn:") ? id.split(":").slice(6).join(":") : id;
  return name in secrets ? name : name.replace(/-[A-Za-z0-9]{6}$/, "");
}

function failure(response: ServerResponse, type: string, message: string): void {
  response.setHeader("x-amzn-errortype", type);
  send(response, 400, { __type: type, Message: message, message });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}
