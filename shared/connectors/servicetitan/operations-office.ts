import * as z from "#shared/domain/schema.ts";
import { get, list, write } from "./action.ts";
import { pageOf, record, id as recordId } from "./fields.ts";
import {
  active,
  addressIn,
  amount,
  created,
  customFieldsIn,
  fewIds,
  flag,
  guid,
  id,
  modified,
  optional,
  text,
} from "./inputs.ts";
import { businessUnit, technician, userRole } from "./schemas-people.ts";

const settings = { module: "settings" } as const;
const positions = z.array(
  z.enum([
    "Installer",
    "Service",
    "Sales",
    "Maintenance",
    "Helper",
    "InstallProductionManager",
    "ServiceManager",
    "SalesManager",
    "PartRunner",
    "DummyTech",
  ]),
);
const licenseType = z.enum(["NonManagedTech", "ManagedTech", "ManagedInstaller"]);

const technicianFields = optional({
  phoneNumber: text,
  email: text,
  login: text,
  businessUnitId: id,
  aadUserId: text,
  team: text,
  dailyGoal: amount,
  burdenRate: amount,
  bio: text,
  memo: text,
  jobFilter: text,
  jobHistoryDateFilter: z.enum(["AllJobs", "LastThreeDays", "LastSevenDays", "LastMonth"]),
  home: addressIn,
  customFields: customFieldsIn,
});

/** Both writes answer the id alone. */
const made = record({ id: recordId });

const createTechnician = write(
  {
    ...settings,
    key: "createTechnician",
    about:
      "A technician; with SendInvite the technician is written to. A password is given when it is sent, and never stored.",
    path: "/technicians",
    repeatable: false,
    notifies: "technician",
    secrets: ["password"],
    happened: "listTechnicians with name and createdOnOrAfter",
  },
  {
    name: text,
    accountCreationMethod: z.enum(["CreateLater", "SendInvite", "AssignLoginAndPassword"]),
    roleId: id,
    positions,
    licenseType,
    ...optional({ password: text }),
    ...technicianFields,
  },
  made,
);

const getTechnician = get(
  { ...settings, key: "getTechnician", about: "One technician.", path: "/technicians/{technicianId}" },
  { technicianId: id },
  technician,
);

const updateTechnician = write(
  {
    ...settings,
    key: "updateTechnician",
    about: "Changes the fields that are sent.",
    method: "PATCH",
    path: "/technicians/{technicianId}",
    repeatable: true,
    notifies: "unknown",
    happened: "getTechnician shows the fields that were sent",
  },
  {
    technicianId: id,
    ...optional({ name: text, roleId: id, positions, licenseType }),
    ...technicianFields,
  },
  made,
);

const listTechnicians = list(
  {
    ...settings,
    key: "listTechnicians",
    about: "Technicians; only active ones unless active says otherwise. The API has no sort here.",
    path: "/technicians",
  },
  [],
  {
    ...created,
    ...modified,
    ...active,
    ...optional({ ids: fewIds, userIds: fewIds, name: text, LicenseType: licenseType }),
  },
  pageOf(technician),
);

const listBusinessUnits = list(
  {
    ...settings,
    key: "listBusinessUnits",
    about: "Business units; only active ones unless active says otherwise. The API has no sort here.",
    path: "/business-units",
  },
  [],
  { ...created, ...modified, ...active, ...optional({ ids: fewIds, name: text, externalDataApplicationGuid: guid }) },
  pageOf(businessUnit),
);

const listUserRoles = list(
  {
    ...settings,
    key: "listUserRoles",
    about: "Roles of users. The API has neither a sort nor a filter by modified time here.",
    path: "/user-roles",
  },
  [],
  {
    ...created,
    ...active,
    ...optional({ ids: fewIds, name: text, employeeType: z.enum(["None", "Employee", "Technician", "All"]) }),
  },
  pageOf(userRole),
);

const feedPage = z.looseObject({
  hasMore: z.boolean(),
  continueFrom: z.nullish(z.string()),
  data: z.array(z.looseObject({ id: recordId })),
});
/** `from` is the last continueFrom, or a date; without it the feed begins at the beginning. */
const feedInput = optional({ from: text, includeRecentChanges: flag });

function feed(module: "jpm" | "accounting", name: string, key: string) {
  return get(
    {
      module,
      key,
      path: `/export/${name}`,
      about: `Export feed of ${name}, inactive and deleted ones too: keep continueFrom, also when hasMore is false.`,
    },
    feedInput,
    feedPage,
  );
}

const exportJobs = feed("jpm", "jobs", "exportJobs");
const exportAppointments = feed("jpm", "appointments", "exportAppointments");
const exportInvoices = feed("accounting", "invoices", "exportInvoices");
const exportPayments = feed("accounting", "payments", "exportPayments");

/** By key, as `operations.ts` gathers them. */
export const officeOperations = {
  createTechnician,
  getTechnician,
  updateTechnician,
  listTechnicians,
  listBusinessUnits,
  listUserRoles,
  exportJobs,
  exportAppointments,
  exportInvoices,
  exportPayments,
} as const;
