import type { Json, JsonRecord } from "../kit/json.ts";
import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { type BodyFields, knownFields } from "./body-fields.ts";
import { shownExternalData } from "./external-data.ts";
import { isProblem, type ListRules, listPage } from "./list.ts";
import { absent, invalid } from "./problems.ts";
import type { Shelf } from "./query.ts";

/** The modules of the API, the first word of every path. */
export type Module = "jpm" | "crm" | "dispatch" | "accounting" | "settings" | "equipmentsystems";

/** A removed record keeps this field: it is gone from reads and lists, and the export feeds still show it as inactive. */
export const DELETED = "_deletedOn";

/** Ids made by the simulator begin here, above those that a company's data is loaded with. */
const FIRST_ID = 900_000_001;

export const pathOf = (module: Module, path: string): string => `/${module}/v2/tenant/{tenant}${path}`;

/** The account's records that readers can see at this instant: not deleted, and old ones while a write has not arrived yet. */
export function visible(context: Context, collection: string): JsonRecord[] {
  const records = context.store.seen(collection, context.dials.number("readLagMs"));
  return records.filter((record) => record[DELETED] === undefined);
}

export function shelfOf({ store }: Context): Shelf {
  return {
    records: (collection) => store.list(collection).filter((record) => record[DELETED] === undefined),
    find: (collection, id) => {
      const record = store.get(collection, String(id));
      return record?.[DELETED] === undefined ? record : undefined;
    },
  };
}

/** The record as it is printed: without the simulator's own fields, and with the external data of the asked application. */
export function printed(record: JsonRecord, context: Context): JsonRecord {
  const shown: JsonRecord = {};
  for (const [name, value] of Object.entries(record)) if (!name.startsWith("_")) shown[name] = value;
  if (record["externalData"] !== undefined) {
    const guid = context.request.query.get("externalDataApplicationGuid");
    shown["externalData"] = shownExternalData(record, guid, context.dials.flag("externalDataWithoutGuid"));
  }
  return shown;
}

/** A GET of a list. `only` narrows the collection by the path (a customer's contacts). */
export function listRoute(
  module: Module,
  path: string,
  operation: string,
  collection: string,
  rules: ListRules,
  only?: (record: JsonRecord, context: Context) => boolean,
  show: (record: JsonRecord, context: Context) => JsonRecord = printed,
): Route {
  return {
    method: "GET",
    path: pathOf(module, path),
    operation,
    handle: (context) => {
      const records = visible(context, collection).filter((record) => !only || only(record, context));
      const page = listPage(context.request.query, rules, records, shelfOf(context), {
        rowsPerPage: numberOrNull(context.dials.value("rowsPerPage")),
        inactiveFirst: context.dials.flag("inactiveFirst"),
        unsortedOrder: context.dials.text("unsortedOrder"),
        searchesShown: context.dials.text("externalDataSearched") === "shown",
        ownWithoutGuid: context.dials.flag("externalDataWithoutGuid"),
      });
      if (isProblem(page)) return page;
      return { status: 200, body: { ...page, data: page.data.map((record) => show(record, context)) } };
    },
  };
}

/** A GET of one record by the id in the path; 404 where there is none. */
export function readRoute(
  module: Module,
  path: string,
  operation: string,
  collection: string,
  what: string,
  show: (record: JsonRecord, context: Context) => JsonRecord = printed,
): Route {
  return {
    method: "GET",
    path: pathOf(module, path),
    operation,
    handle: (context) => {
      const id = idInPath(context);
      const record = visible(context, collection).find((candidate) => candidate["id"] === id);
      return record ? { status: 200, body: show(record, context) } : absent(what, id);
    },
  };
}

/** Any other operation of a module. */
export function route(
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
  module: Module,
  path: string,
  operation: string,
  handle: (context: Context) => Reply,
): Route {
  return { method, path: pathOf(module, path), operation, handle };
}

/** The whole number in the path; 400 when it is none. */
export function idInPath(context: Context, name = "id"): number {
  const text = context.request.params[name] ?? "";
  if (!/^\d+$/.test(text)) throw new Refusal(invalid({ [name]: [`The value '${text}' is not valid.`] }));
  return Number(text);
}

/** The stored record named by the path, as it is now (writes never see an old copy); 404 where there is none. */
export function stored(context: Context, collection: string, what: string, id = idInPath(context)): JsonRecord {
  const record = shelfOf(context).find(collection, id);
  if (!record) throw new Refusal(absent(what, id));
  return record;
}

/** The known fields of the body; 400 that names the wrong ones, unknown ones ignored. */
export function sent(context: Context, known: BodyFields): JsonRecord {
  const { fields, errors } = knownFields(context.request.body, known);
  if (Object.keys(errors).length > 0) throw new Refusal(invalid(errors));
  return fields;
}

/** A fresh id that no record of the collection has. */
export function freshId({ store }: Context, collection: string): number {
  let id = store.nextNumber("id", FIRST_ID);
  while (store.get(collection, String(id))) id = store.nextNumber("id", FIRST_ID);
  return id;
}

/** 400 unless the id named by a body field is a record of the collection. */
export function mustExist(context: Context, field: string, collection: string, id: Json | undefined): JsonRecord {
  const record = typeof id === "number" ? shelfOf(context).find(collection, id) : undefined;
  if (!record) throw new Refusal(invalid({ [field]: [`${field} ${JSON.stringify(id)} was not found.`] }));
  return record;
}

export const EMPTY: Reply = { status: 200 };

function numberOrNull(value: Json): number | null {
  return typeof value === "number" ? value : null;
}
