import type { JsonRecord } from "../kit/json.ts";
import type { Context, Reply, Route } from "../kit/vendor.ts";
import { bodyFields, type Kind } from "./body-fields.ts";
import { freshId, listRoute, readRoute, route, sent, stored } from "./endpoints.ts";
import type { ListRules } from "./list.ts";
import { before, containsText, createdAndModified, oneWord, onOrAfter, wholeNumbers } from "./query.ts";

const active = { parameter: "active", unasked: "active" } as const;

/** None of these three lists has a sort; the parameter is ignored. */
const technicianList: ListRules = {
  active,
  filters: { ...createdAndModified, userIds: wholeNumbers("userId"), name: containsText("name") },
};
const businessUnitList: ListRules = { active, filters: { ...createdAndModified, name: containsText("name") } };
const userRoleList: ListRules = {
  active,
  filters: {
    createdOnOrAfter: onOrAfter("createdOn"),
    createdBefore: before("createdOn"),
    name: containsText("name"),
    employeeType: (value) =>
      /^(none|all)$/i.test(value) ? () => true : oneWord("employeeType", ["Employee", "Technician"])(value),
  },
};

const detail: Readonly<Record<string, Kind>> = {
  phoneNumber: "string",
  email: "string",
  login: "string",
  businessUnitId: "integer",
  aadUserId: "string",
  team: "string",
  dailyGoal: "number",
  burdenRate: "number",
  bio: "string",
  memo: "string",
  jobFilter: "string",
  jobHistoryDateFilter: ["AllJobs", "LastThreeDays", "LastSevenDays", "LastMonth"],
  home: "object",
  customFields: "objects",
};

const LICENSES = ["NonManagedTech", "ManagedTech", "ManagedInstaller"] as const;

const newTechnician = bodyFields(
  {
    name: "string",
    accountCreationMethod: ["CreateLater", "SendInvite", "AssignLoginAndPassword"],
    roleId: "integer",
    positions: "strings",
    licenseType: LICENSES,
  },
  { ...detail, password: "string" },
);
const changedTechnician = bodyFields(
  {},
  { ...detail, name: "string", roleId: "integer", positions: "strings", licenseType: LICENSES, active: "boolean" },
);

/** What is kept of a technician's body; passwords and licences are not printed. */
function technicianOf(fields: JsonRecord): JsonRecord {
  const { login, roleId, password: _p, accountCreationMethod: _m, positions: _o, licenseType, ...plain } = fields;
  return {
    ...plain,
    ...(login === undefined ? {} : { loginName: login }),
    ...(roleId === undefined ? {} : { roleIds: [roleId] }),
    ...(licenseType === undefined ? {} : { isManagedTech: licenseType !== "NonManagedTech" }),
  };
}

function createTechnician(context: Context): Reply {
  const fields = technicianOf(sent(context, newTechnician));
  const id = freshId(context, "technicians");
  const userId = freshId(context, "technicians");
  const rest = {
    mainZoneId: null,
    zoneIds: [],
    customFields: [],
    active: true,
    aadUserId: null,
    email: null,
    phoneNumber: null,
  };
  context.store.create("technicians", { ...rest, ...fields, id, userId });
  return { status: 200, body: { id } };
}

function updateTechnician(context: Context): Reply {
  const technician = stored(context, "technicians", "Technician");
  context.store.update("technicians", String(technician["id"]), technicianOf(sent(context, changedTechnician)));
  return { status: 200, body: { id: Number(technician["id"]) } };
}

export const settingsRoutes: Route[] = [
  listRoute("settings", "/technicians", "listTechnicians", "technicians", technicianList),
  route("POST", "settings", "/technicians", "createTechnician", createTechnician),
  readRoute("settings", "/technicians/{id}", "getTechnician", "technicians", "Technician"),
  route("PATCH", "settings", "/technicians/{id}", "updateTechnician", updateTechnician),
  listRoute("settings", "/business-units", "listBusinessUnits", "businessUnits", businessUnitList),
  listRoute("settings", "/user-roles", "listUserRoles", "userRoles", userRoleList),
];
