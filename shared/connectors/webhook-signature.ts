import { createHmac, timingSafeEqual } from "node:crypto";

/** The HMAC of the raw bytes, lower-case hex. */
export function hmacHex(algorithm: "sha256" | "sha1", secret: string, body: Uint8Array): string {
  return createHmac(algorithm, secret).update(body).digest("hex");
}

/** Whether a signature is the HMAC of these bytes, in hex or base64; compared in constant time, with an optional `sha256=` before it. */
export function signatureFits(
  algorithm: "sha256" | "sha1",
  secret: string,
  body: Uint8Array,
  signature: string | undefined,
): boolean {
  if (!signature || secret === "") return false;
  const text = signature.trim().replace(/^sha(256|1)=/i, "");
  const digest = createHmac(algorithm, secret).update(body).digest();
  const given = /^[0-9a-f]+$/i.test(text) && text.length === digest.length * 2 ? "hex" : "base64";
  const bytes = Buffer.from(text, given);
  return bytes.length === digest.length && timingSafeEqual(bytes, digest);
}

/** A header whatever the case of its name. */
export function headerOf(headers: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}
