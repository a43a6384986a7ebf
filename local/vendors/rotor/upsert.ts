import { type Json, type JsonRecord, textOf } from "../kit/json.ts";
import { bodyRecord, type Context, Refusal, type Reply } from "../kit/vendor.ts";
import { type FieldError, notFound, validationFailed } from "./replies.ts";

type Kind = "string" | "number" | "boolean" | "strings" | string[];

/** What may be sent for a record: each field's kind (a list of words for an enumeration) and the longest text. */
export type Sheet = {
  collection: string;
  called: string;
  fields: Record<string, Kind>;
  longest: Record<string, number>;
};

/**
 * Creates or updates by id, else by phone, else by e-mail; tags are merged. 201 for a new record, 200 for a changed one.
 * An id that is not there: the reference is silent; 404 is assumed.
 */
export function upsert(context: Context, sheet: Sheet, print: (record: JsonRecord) => JsonRecord): Reply {
  const { store, request } = context;
  const sent = bodyRecord(request, () => validationFailed([{ field: "body", message: "must be an object" }]));
  const errors = faultsOf(sent, sheet);
  if (errors.length > 0) throw new Refusal(validationFailed(errors));
  const known = Object.fromEntries(Object.entries(sent).filter(([name]) => name in sheet.fields));
  const old = find(context, sheet.collection, sent);
  if (!old) {
    const made = store.create(sheet.collection, { ...known, id: store.uuid() });
    return { status: 201, body: { ...print(made), message: `${sheet.called} created successfully` } };
  }
  const tags = known["tags"] === undefined ? {} : { tags: mergeTags(old["tags"], known["tags"]) };
  const now = store.update(sheet.collection, textOf(old["id"]), { ...known, ...tags });
  return { status: 200, body: { ...print(now), message: `${sheet.called} updated successfully` } };
}

function find(context: Context, collection: string, sent: JsonRecord): JsonRecord | undefined {
  const { store } = context;
  if (typeof sent["id"] === "string") {
    const found = store.get(collection, sent["id"]);
    if (!found) throw new Refusal(notFound);
    return found;
  }
  const phone = digits(sent["phone"]);
  const email = lower(sent["email"]);
  const records = store.list(collection);
  return (
    records.find((record) => phone !== "" && digits(record["phone"]) === phone) ??
    records.find((record) => email !== "" && lower(record["email"]) === email)
  );
}

function digits(value: Json | undefined): string {
  return typeof value === "string" ? value.replace(/\D/g, "") : "";
}

function lower(value: Json | undefined): string {
  return typeof value === "string" ? value.trim().toLowerCase() : "";
}

function mergeTags(old: Json | undefined, sent: Json): Json[] {
  const before = Array.isArray(old) ? old : [];
  const added = Array.isArray(sent) ? sent : [];
  return [...before, ...added.filter((tag) => !before.includes(tag))];
}

function faultsOf(sent: JsonRecord, sheet: Sheet): FieldError[] {
  const errors: FieldError[] = [];
  for (const [field, kind] of Object.entries({ id: "string" as const, ...sheet.fields })) {
    const value = sent[field];
    if (value === undefined || value === null) continue;
    const problem = problemOf(value, kind, sheet.longest[field]);
    if (problem !== undefined) errors.push({ field, message: problem });
  }
  const email = sent["email"];
  if (typeof email === "string" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) {
    errors.push({ field: "email", message: "Invalid email format" });
  }
  return errors;
}

function problemOf(value: Json, kind: Kind, longest: number | undefined): string | undefined {
  if (Array.isArray(kind))
    return typeof value === "string" && kind.includes(value) ? undefined : `must be one of ${kind.join(", ")}`;
  if (kind === "strings") {
    return Array.isArray(value) && value.every((tag) => typeof tag === "string")
      ? undefined
      : "must be an array of strings";
  }
  if (typeof value !== kind) return `must be a ${kind}`;
  if (typeof value === "string" && longest !== undefined && value.length > longest)
    return `must have at most ${longest} characters`;
  return undefined;
}
