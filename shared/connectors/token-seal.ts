import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { canonicalJson } from "#shared/domain/ids.ts";

/** What makes a token unreadable to whoever does not know the connection's secret, and readable to who does. */
export interface Seal {
  seal(token: string): string;
  /** Null for what another secret or another connection sealed. */
  open(sealed: string): string | null;
}

const [nonceBytes, tagBytes] = [12, 16];

/** AES-256-GCM under a key that the connection's secret gives (HKDF, RFC 5869). `about` names the connection. */
export function sealOf(secret: unknown, about: string): Seal {
  const key = Buffer.from(hkdfSync("sha256", canonicalJson(secret), "plumbline token", about, 32));
  return {
    seal: (token) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const text = Buffer.concat([cipher.update(token, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64");
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed, "base64");
      if (bytes.length < nonceBytes + tagBytes) return null;
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8");
      } catch {
        // The tag does not fit: the secret was changed since, and the token goes with it.
        return null;
      }
    },
  };
}
