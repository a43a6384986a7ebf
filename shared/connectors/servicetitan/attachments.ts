import { randomUUID } from "node:crypto";
import * as z from "#shared/domain/schema.ts";
import type { OperationRow } from "../connector.ts";
import { checkedInput } from "../problems.ts";
import type { VendorClient } from "../vendor-client.ts";
import { debug } from "./inputs.ts";
import type { Outcome } from "./perform.ts";
import { pathIn } from "./settings.ts";

const PATH = "/installed-equipment/attachments";
const row = {
  path: `/equipmentsystems/v2/tenant/{tenant}${PATH}`,
  source: "ServiceTitan component, action of that key",
};

/** A part of a multipart body: a field, or a file with its name. */
export interface Part {
  readonly name: string;
  readonly content: Uint8Array;
  readonly fileName?: string;
}

/** A multipart body. Quotes and line ends in names are encoded, so that a name cannot add a header. */
export function multipart(parts: readonly Part[]): { readonly contentType: string; readonly content: Uint8Array } {
  const boundary = `plumbline-${randomUUID()}`;
  const quoted = (name: string): string => name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const pieces = parts.flatMap(({ name, content, fileName }) => {
    const file = fileName === undefined ? "" : `; filename="${quoted(fileName)}"`;
    const type = fileName === undefined ? "" : "content-type: application/octet-stream\r\n";
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${file}\r\n${type}\r\n`;
    return [Buffer.from(head), Buffer.from(content), Buffer.from("\r\n")];
  });
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    content: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

/** A file's bytes; from a terminal, in base64. */
const bytes = z.union([z.instanceof(Uint8Array), z.base64()]);
const uploadInput = z.strictObject({ file: bytes, fileName: z.string().check(z.minLength(1)), ...debug });
const uploaded = z.looseObject({ path: z.string() });

async function upload(client: VendorClient, given: unknown): Promise<z.infer<typeof uploaded>> {
  const { file, fileName } = checkedInput("createInstalledEquipmentAttachment", uploadInput, given);
  const content = typeof file === "string" ? Buffer.from(file, "base64") : file;
  const { value } = await client.request({
    operation: "createInstalledEquipmentAttachment",
    method: "POST",
    path: pathIn(client.connection, "equipmentsystems", PATH),
    bytes: multipart([{ name: "file", content, fileName }]),
    schema: uploaded,
    writes: true,
  });
  return value;
}

/** The answer, with the request beside it where that was asked for; a file's bytes are no part of what is shown. */
function shown<Value>(
  value: Value,
  given: unknown,
  method: string,
  query: Record<string, string>,
): Value | Outcome<Value> {
  const asked = z.looseObject(debug).safeParse(given);
  if (!asked.success || asked.data.debugRequest !== true) return value;
  return { value, notices: [], request: { method, path: PATH, query, body: null } };
}

/** Stores a file and answers the path under which equipment may name it. */
export const createInstalledEquipmentAttachment = Object.assign(
  (client: VendorClient, input: z.input<typeof uploadInput>) => upload(client, input),
  {
    output: uploaded,
    input: uploadInput,
    row: {
      ...row,
      key: "createInstalledEquipmentAttachment",
      about: "Stores a file (base64 from a terminal) and answers its path.",
      method: "POST",
      writes: true,
      repeatable: false,
      notifies: "none",
      happened: "listInstalledEquipmentAttachments with the path; without an answer the path is unknown",
      input: uploadInput,
      run: async (client, given) => shown(await upload(client, given), given, "POST", {}),
    } satisfies OperationRow,
  },
);

const readInput = z.strictObject({ path: z.string().check(z.minLength(1)), ...debug });
const binary = z.instanceof(Uint8Array);

/** As JSON the bytes print as `{"type":"Buffer","data":[...]}`, which is the document's example. */
async function download(client: VendorClient, given: unknown): Promise<Buffer> {
  const { path } = checkedInput("listInstalledEquipmentAttachments", readInput, given);
  const { value } = await client.request({
    operation: "listInstalledEquipmentAttachments",
    method: "GET",
    path: pathIn(client.connection, "equipmentsystems", PATH),
    query: { path },
    expect: "bytes",
    redirects: true,
    schema: binary,
    writes: false,
  });
  return Buffer.from(value);
}

/** The stored file itself. */
export const listInstalledEquipmentAttachments = Object.assign(
  (client: VendorClient, input: z.input<typeof readInput>) => download(client, input),
  {
    output: z.looseObject({ type: z.literal("Buffer"), data: z.array(z.number()) }),
    input: readInput,
    row: {
      ...row,
      key: "listInstalledEquipmentAttachments",
      about: "The stored file of that path, as bytes; not a list.",
      method: "GET",
      writes: false,
      repeatable: true,
      notifies: "none",
      input: readInput,
      run: async (client, given) => shown(await download(client, given), given, "GET", {}),
    } satisfies OperationRow,
  },
);
