import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "#shared/domain/schema.ts";

export interface StoredObject {
  readonly body: Buffer;
  /** Content and x-amz-meta headers as they came with the object. */
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly modified: Date;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: Date;
}

/** Objects as files under one folder: the body at bucket/key, its headers beside it under `.headers`. */
export interface ObjectFiles {
  put(bucket: string, key: string, body: Buffer, headers: Readonly<Record<string, string>>): Promise<string>;
  get(bucket: string, key: string): Promise<StoredObject | undefined>;
  has(bucket: string, key: string): boolean;
  remove(bucket: string, key: string): Promise<void>;
  /** All keys that begin so, in the order of their UTF-8 bytes. */
  list(bucket: string, prefix: string): Promise<ListedObject[]>;
}

const headersSchema = z.record(z.string(), z.string());

export function objectFiles(root: string): ObjectFiles {
  const bodyAt = (bucket: string, key: string): string => join(root, bucket, fileName(key));
  const headersAt = (bucket: string, key: string): string => join(root, ".headers", bucket, fileName(key));
  return {
    async put(bucket, key, body, headers) {
      const kept = JSON.stringify({ ...headers, etag: etagOf(body) });
      await write(headersAt(bucket, key), Buffer.from(kept));
      await write(bodyAt(bucket, key), body);
      return etagOf(body);
    },
    async get(bucket, key) {
      const file = bodyAt(bucket, key);
      if (!existsSync(file)) return undefined;
      const body = await readFile(file);
      const { etag, ...headers } = await headersIn(headersAt(bucket, key));
      return { body, headers, etag: etag ?? etagOf(body), modified: (await stat(file)).mtime };
    },
    has: (bucket, key) => existsSync(bodyAt(bucket, key)),
    async remove(bucket, key) {
      await rm(bodyAt(bucket, key), { force: true });
      await rm(headersAt(bucket, key), { force: true });
    },
    async list(bucket, prefix) {
      const found: ListedObject[] = [];
      const top = join(root, bucket);
      const entries = existsSync(top) ? await readdir(top, { recursive: true, withFileTypes: true }) : [];
      for (const entry of entries) {
        if (!entry.isFile() || entry.name.startsWith(".writing-")) continue;
        const file = join(entry.parentPath, entry.name);
        const key = decodeURIComponent(file.slice(top.length + 1).replaceAll("%folder", ""));
        if (!key.startsWith(prefix)) continue;
        const { size, mtime } = await stat(file);
        const { etag } = await headersIn(headersAt(bucket, key));
        found.push({ key, size, etag: etag ?? etagOf(await readFile(file)), modified: mtime });
      }
      return found.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    },
  };
}

/** One path for each key, inside the bucket's folder: `a` and `a/b` may both be objects, and `..` is a name like any. */
function fileName(key: string): string {
  const parts = key
    .split("/")
    .map((part) => encodeURIComponent(part).replace(/^\.+/, (dots) => "%2E".repeat(dots.length)));
  const last = parts.pop() ?? "";
  return join(...parts.map((part) => `${part}%folder`), last === "" ? "%empty" : last);
}

/** Whoever reads sees the old object or the new one, never half of one. */
async function write(file: string, bytes: Buffer): Promise<void> {
  const temporary = join(dirname(file), `.writing-${randomUUID()}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(temporary, bytes);
  await rename(temporary, file);
}

async function headersIn(file: string): Promise<Record<string, string>> {
  return existsSync(file) ? z.parse(headersSchema, JSON.parse(await readFile(file, "utf8"))) : {};
}

function etagOf(body: Buffer): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}
