import type { JsonRecord } from "../kit/json.ts";
import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { bodyFields, type Kind } from "./body-fields.ts";
import { freshId, listRoute, mustExist, printed, readRoute, route, sent, shelfOf, stored } from "./endpoints.ts";
import { type ListRules, usualSort } from "./list.ts";
import { absent, invalid } from "./problems.ts";
import { createdAndModified, wholeNumbers } from "./query.ts";

const equipmentList: ListRules = {
  sort: usualSort,
  active: { parameter: "active", unasked: "active" },
  filters: { ...createdAndModified, locationIds: wholeNumbers("locationId") },
};

/** `typeId` is not among them: a body that sends it is answered 200 and changes nothing. */
const detail: Readonly<Record<string, Kind>> = {
  name: "string",
  equipmentTypeId: "integer",
  installedOn: "instant",
  serialNumber: "string",
  memo: "string",
  manufacturer: "string",
  model: "string",
  cost: "number",
  manufacturerWarrantyStart: "instant",
  manufacturerWarrantyEnd: "instant",
  serviceProviderWarrantyStart: "instant",
  serviceProviderWarrantyEnd: "instant",
  tagTypeIds: "integers",
  customFields: "objects",
  attachments: "objects",
};

const newEquipment = bodyFields({ locationId: "integer" }, detail);
const changedEquipment = bodyFields({}, { ...detail, active: "boolean" });

function equipmentOf({ tagTypeIds, ...plain }: JsonRecord, id: number): JsonRecord {
  if (!Array.isArray(tagTypeIds)) return plain;
  const tags = tagTypeIds.map((typeId) => ({ id: Number(typeId), ownerId: id, typeId, typeName: null }));
  return { ...plain, tags };
}

function createEquipment(context: Context): Reply {
  const fields = sent(context, newEquipment);
  const location = mustExist(context, "locationId", "locations", fields["locationId"]);
  const id = freshId(context, "installedEquipment");
  const record = context.store.create("installedEquipment", {
    equipmentId: null,
    customerId: location["customerId"] ?? null,
    invoiceItemId: null,
    name: null,
    cost: 0,
    tags: [],
    customFields: [],
    attachments: [],
    active: true,
    ...equipmentOf(fields, id),
    id,
  });
  return { status: 200, body: printed(record, context) };
}

function updateEquipment(context: Context): Reply {
  const record = stored(context, "installedEquipment", "Installed equipment");
  const id = Number(record["id"]);
  const after = context.store.update(
    "installedEquipment",
    String(id),
    equipmentOf(sent(context, changedEquipment), id),
  );
  return { status: 200, body: printed(after, context) };
}

/** The list leaves custom fields and attachments out; only a read of one record shows them. */
function inList(record: JsonRecord, context: Context): JsonRecord {
  const { customFields: _c, attachments: _a, ...plain } = printed(record, context);
  return plain;
}

/** Takes a multipart upload with a part named `file` and answers the path it was stored under. */
function createAttachment(context: Context): Reply {
  const boundary = /boundary="?([^";]+)"?/.exec(context.request.headers["content-type"] ?? "")?.[1];
  const parts = boundary === undefined ? [] : context.request.text.split(`--${boundary}`);
  const file = parts.find((part) => /name="?file"?/.test(part.split("\r\n\r\n")[0] ?? ""));
  if (file === undefined) throw new Refusal(invalid({ file: ["The file field is required."] }));
  const [head = "", ...rest] = file.split("\r\n\r\n");
  const ending = /filename="?[^"\r\n]*(\.[A-Za-z0-9]+)"?/.exec(head)?.[1] ?? "";
  const path = `InstalledEquipment/Documents/${context.store.uuid()}${ending}`;
  const content = rest.join("\r\n\r\n").replace(/\r\n$/, "");
  context.store.create("equipmentFiles", { id: freshId(context, "equipmentFiles"), path, content });
  return { status: 200, body: { path } };
}

/** The stored file itself, as text; 404 where no file has that path. */
function readAttachment(context: Context): Reply {
  const path = context.request.query.get("path") ?? "";
  const file = shelfOf(context)
    .records("equipmentFiles")
    .find((one) => one["path"] === path);
  if (!file) return absent("Attachment", path);
  return { status: 200, text: String(file["content"] ?? ""), headers: { "content-type": "application/octet-stream" } };
}

const path = "/installed-equipment";

export const equipmentRoutes: Route[] = [
  listRoute("equipmentsystems", path, "listInstalledEquipment", "installedEquipment", equipmentList, undefined, inList),
  route("POST", "equipmentsystems", path, "createInstalledEquipment", createEquipment),
  {
    ...route("POST", "equipmentsystems", `${path}/attachments`, "createInstalledEquipmentAttachment", createAttachment),
    anyBody: true,
  },
  route("GET", "equipmentsystems", `${path}/attachments`, "listInstalledEquipmentAttachments", readAttachment),
  readRoute("equipmentsystems", `${path}/{id}`, "getInstalledEquipment", "installedEquipment", "Installed equipment"),
  route("PATCH", "equipmentsystems", `${path}/{id}`, "updateInstalledEquipment", updateEquipment),
];
