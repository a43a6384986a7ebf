import * as z from "#shared/domain/schema.ts";
import { get, list, nothing, usual, write } from "./action.ts";
import { pageOf } from "./fields.ts";
import {
  active,
  amount,
  created,
  customFieldsIn,
  externalDataFilter,
  externalDataIn,
  fewIds,
  guid,
  id,
  ids,
  instant,
  modified,
  newExternalData,
  optional,
  text,
} from "./inputs.ts";
import { installedEquipment, project } from "./schemas.ts";

const jpm = { module: "jpm" } as const;
const equipment = { module: "equipmentsystems" } as const;

const projectFields = optional({
  projectTypeId: id,
  projectManagerIds: ids,
  name: text,
  summary: text,
  statusId: id,
  subStatusId: id,
  startDate: instant,
  targetCompletionDate: instant,
  actualCompletionDate: instant,
  customFields: customFieldsIn,
});

const createProject = write(
  {
    ...jpm,
    key: "createProject",
    about: "Makes a project at a location.",
    path: "/projects",
    repeatable: false,
    notifies: "none",
    happened: "listProjects with locationId and createdOnOrAfter",
  },
  { locationId: id, ...optional({ customerId: id, externalData: newExternalData }), ...projectFields },
  project,
);

const getProject = get(
  { ...jpm, key: "getProject", about: "One project.", path: "/projects/{projectId}" },
  { projectId: id, ...optional({ externalDataApplicationGuid: guid }) },
  project,
);

const updateProject = write(
  {
    ...jpm,
    key: "updateProject",
    about: "Changes the fields that are sent; jobIds replaces the whole list.",
    method: "PATCH",
    path: "/projects/{projectId}",
    repeatable: true,
    notifies: "none",
    happened: "getProject shows the fields that were sent",
  },
  { projectId: id, ...optional({ jobIds: ids, externalData: externalDataIn }), ...projectFields },
  project,
);

const listProjects = list(
  { ...jpm, key: "listProjects", about: "Projects by the document's filters; status may be None.", path: "/projects" },
  [...usual, "Name", "TargetCompletionDate"],
  {
    ...created,
    ...modified,
    ...externalDataFilter,
    ...optional({
      ids: fewIds,
      customerId: id,
      locationId: id,
      projectTypeId: id,
      invoiceId: id,
      technicianId: id,
      jobId: id,
      appointmentId: id,
      projectManagerIds: ids,
      businessUnitIds: ids,
      startsBefore: instant,
      startsOnOrAfter: instant,
      completedBefore: instant,
      completedOnOrAfter: instant,
      targetCompletionDateBefore: instant,
      targetCompletionDateOnOrAfter: instant,
      status: text,
    }),
  },
  pageOf(project),
);

const equipmentFields = optional({
  name: text,
  installedOn: instant,
  serialNumber: text,
  memo: text,
  manufacturer: text,
  model: text,
  cost: amount,
  manufacturerWarrantyStart: instant,
  manufacturerWarrantyEnd: instant,
  serviceProviderWarrantyStart: instant,
  serviceProviderWarrantyEnd: instant,
  tagTypeIds: ids,
  customFields: customFieldsIn,
  attachments: z.array(z.strictObject(optional({ alias: text, fileName: text, type: text, url: text }))),
});

const createInstalledEquipment = write(
  {
    ...equipment,
    key: "createInstalledEquipment",
    about: "Records equipment installed at a location.",
    path: "/installed-equipment",
    repeatable: false,
    notifies: "none",
    happened: "listInstalledEquipment with locationIds and createdOnOrAfter",
  },
  { locationId: id, ...equipmentFields },
  installedEquipment,
);

const getInstalledEquipment = get(
  {
    ...equipment,
    key: "getInstalledEquipment",
    about: "One piece of installed equipment, with custom fields and attachments.",
    path: "/installed-equipment/{installedEquipmentId}",
  },
  { installedEquipmentId: id },
  installedEquipment,
);

const updateInstalledEquipment = write(
  {
    ...equipment,
    key: "updateInstalledEquipment",
    about: "Changes the fields that are sent.",
    method: "PATCH",
    path: "/installed-equipment/{installedEquipmentId}",
    repeatable: true,
    notifies: "none",
    happened: "getInstalledEquipment shows the fields that were sent",
  },
  { installedEquipmentId: id, ...equipmentFields },
  installedEquipment,
);

const listInstalledEquipment = list(
  {
    ...equipment,
    key: "listInstalledEquipment",
    about: "Installed equipment, without custom fields and attachments.",
    path: "/installed-equipment",
  },
  usual,
  { ...created, ...modified, ...active, ...optional({ ids: fewIds, locationIds: ids }) },
  pageOf(installedEquipment),
);

const day = instant;

/** Beside the document's list (vendor contracts 1.6): a tenant may not have it, so it stands behind a capability. */
const rescheduleAppointment = write(
  {
    ...jpm,
    key: "rescheduleAppointment",
    about: "Moves an appointment; not in the component's list, and not on every tenant.",
    method: "PATCH",
    path: "/appointments/{appointmentId}/reschedule",
    repeatable: true,
    notifies: "unknown",
    happened: "getAppointment shows the new start",
  },
  { appointmentId: id, start: day, end: day, ...optional({ arrivalWindowStart: day, arrivalWindowEnd: day }) },
  nothing,
);

/** By key, as `operations.ts` gathers them. */
export const projectOperations = {
  createProject,
  getProject,
  updateProject,
  listProjects,
  createInstalledEquipment,
  getInstalledEquipment,
  updateInstalledEquipment,
  listInstalledEquipment,
  rescheduleAppointment,
} as const;
