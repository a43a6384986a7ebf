import { Failure } from "#shared/domain/failure.ts";
import type { Archive } from "#shared/pipeline/ports.ts";
import { type AwsCall, AwsError, serviceHost } from "./signed-call.ts";

/** The bucket of raw payloads. On AWS the bucket is the host's first part; at another address it is the path's. */
export function s3Archive(aws: AwsCall, bucket: string): Archive {
  const urlOf = (key: string): URL => {
    const path = key.split("/").map(encode).join("/");
    const own = aws.access.endpoints.s3;
    if (own !== undefined) return new URL(`/${bucket}/${path}`, own);
    return new URL(`https://${bucket}.${serviceHost("s3", aws.access.region)}/${path}`);
  };
  return {
    put: async (key, body) => {
      const headers = { "content-type": "application/json" };
      await aws.send({ service: "s3", method: "PUT", url: urlOf(key), headers, body });
    },
    get: async (key) => {
      try {
        return await aws.send({ service: "s3", method: "GET", url: urlOf(key) });
      } catch (error) {
        if (error instanceof AwsError && error.code === "NoSuchKey") {
          throw new Failure("missing", `the archive holds no ${key}`, {}, { cause: error });
        }
        throw error;
      }
    },
  };
}

/** S3 signs the path as RFC 3986 escapes it, which is stricter than encodeURIComponent. */
function encode(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
