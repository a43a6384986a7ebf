import { type JsonRecord, textOf } from "../kit/json.ts";
import { bodyRecord, type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { type FieldSheet, isDeleted, readCreate, readUpdate } from "./fields.ts";
import { pageOf } from "./lists.ts";
import { failed, succeeded } from "./replies.ts";

/** One kind of record with the five calls the API has for each: list, get, create, update (partial), delete (soft). */
export type Resource = {
  /** Name of the collection, of the path and of the list in a reply. */
  name: string;
  /** As in error texts and in `data.<singular>`. */
  singular: string;
  fields: FieldSheet;
  filter(context: Context, records: JsonRecord[]): JsonRecord[];
  printInList(context: Context, record: JsonRecord): JsonRecord;
  printAlone(context: Context, record: JsonRecord): JsonRecord;
  /** What the server adds to or corrects in a checked body before it is stored. */
  complete(context: Context, record: JsonRecord): JsonRecord;
  /** What the server changes beside the fields of an update. */
  amend?(context: Context, old: JsonRecord, fields: JsonRecord, sent: JsonRecord): JsonRecord;
};

export function routesOf(resource: Resource): Route[] {
  const { name, singular } = resource;
  const one = `/${name}/{uuid}`;
  const called = singular.charAt(0).toUpperCase() + singular.slice(1);
  return [
    { method: "GET", path: `/${name}`, operation: `list${called}s`, handle: (context) => list(context, resource) },
    { method: "GET", path: one, operation: `get${called}`, handle: (context) => get(context, resource) },
    { method: "POST", path: `/${name}`, operation: `create${called}`, handle: (context) => create(context, resource) },
    { method: "PUT", path: one, operation: `update${called}`, handle: (context) => update(context, resource) },
    { method: "DELETE", path: one, operation: `delete${called}`, handle: (context) => remove(context, resource) },
  ];
}

function seen(context: Context, resource: Resource): JsonRecord[] {
  return context.store.seen(resource.name, context.dials.number("readLagMs"));
}

function list(context: Context, resource: Resource): Reply {
  const records = resource.filter(context, seen(context, resource));
  return pageOf(context, resource.name, records, (record) => resource.printInList(context, record));
}

function get(context: Context, resource: Resource): Reply {
  const uuid = context.request.params["uuid"];
  const record = seen(context, resource).find((candidate) => candidate["uuid"] === uuid);
  const hidden = record && isDeleted(record) && context.dials.text("deletedByGet") === "404";
  return record && !hidden ? answer(context, resource, record) : missing(resource);
}

function create(context: Context, resource: Resource): Reply {
  const sent = bodyRecord(context.request, notJson);
  const checked = readCreate(context.store, resource.fields, sent);
  const record = resource.complete(context, checked);
  return answer(
    context,
    resource,
    context.store.create(resource.name, { uuid: context.store.uuid(), ...record, deleted_at: null }),
  );
}

function update(context: Context, resource: Resource): Reply {
  const old = present(context, resource);
  const sent = bodyRecord(context.request, notJson);
  const fields = readUpdate(context.store, resource.fields, sent);
  const more = resource.amend?.(context, old, fields, sent) ?? {};
  const record = context.store.update(resource.name, textOf(old["uuid"]), { ...fields, ...more });
  return answer(context, resource, record);
}

function remove(context: Context, resource: Resource): Reply {
  const uuid = textOf(present(context, resource)["uuid"]);
  context.store.remove(resource.name, uuid);
  const record = context.store.get(resource.name, uuid);
  return record ? answer(context, resource, record) : missing(resource);
}

function present(context: Context, resource: Resource): JsonRecord {
  const record = context.store.get(resource.name, context.request.params["uuid"] ?? "");
  if (!record || isDeleted(record)) throw new Refusal(missing(resource));
  return record;
}

function missing(resource: Resource): Reply {
  return failed(404, `${resource.singular.charAt(0).toUpperCase()}${resource.singular.slice(1)} not found`);
}

function notJson(): Reply {
  return failed(400, "Request body must be a JSON object");
}

/** The document shows no reply of get, create, update and delete: `data` is the record, or names it if the dial says so. */
function answer(context: Context, resource: Resource, record: JsonRecord): Reply {
  const printed = resource.printAlone(context, record);
  return succeeded(context.dials.text("recordShape") === "named" ? { [resource.singular]: printed } : printed);
}
