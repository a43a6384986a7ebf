import type { JsonRecord } from "../kit/json.ts";
import type { Context, Reply, Route } from "../kit/vendor.ts";
import { bodyFields, type Kind } from "./body-fields.ts";
import { freshId, listRoute, mustExist, printed, readRoute, route, sent, stored } from "./endpoints.ts";
import { pairFilters, withExternalData } from "./external-data.ts";
import { type ListRules, usualSort } from "./list.ts";
import { before, byNumber, createdAndModified, onOrAfter, wholeNumber, wholeNumbers } from "./query.ts";

const projectList: ListRules = {
  sort: { ...usualSort, name: "name", targetcompletiondate: "targetCompletionDate" },
  joined: pairFilters,
  filters: {
    ...createdAndModified,
    customerId: wholeNumber("customerId"),
    locationId: wholeNumber("locationId"),
    projectTypeId: wholeNumber("projectTypeId"),
    jobId: wholeNumbers("jobIds"),
    appointmentId: byNumber((id) => (project, shelf) => {
      const appointment = shelf.find("appointments", id);
      return (
        appointment !== undefined && shelf.find("jobs", Number(appointment["jobId"]))?.["projectId"] === project["id"]
      );
    }),
    technicianId: byNumber(
      (id) => (project, shelf) =>
        shelf
          .records("assignments")
          .some(
            (one) =>
              one["technicianId"] === id && shelf.find("jobs", Number(one["jobId"]))?.["projectId"] === project["id"],
          ),
    ),
    invoiceId: byNumber((id) => (project, shelf) => shelf.find("invoices", id)?.["projectId"] === project["id"]),
    projectManagerIds: wholeNumbers("projectManagerIds"),
    businessUnitIds: wholeNumbers("businessUnitIds"),
    startsOnOrAfter: onOrAfter("startDate"),
    startsBefore: before("startDate"),
    completedOnOrAfter: onOrAfter("actualCompletionDate"),
    completedBefore: before("actualCompletionDate"),
    targetCompletionDateOnOrAfter: onOrAfter("targetCompletionDate"),
    targetCompletionDateBefore: before("targetCompletionDate"),
    status: (value) => {
      const wanted = value.split(",").map((word) => word.trim().toLowerCase());
      return (project) => wanted.includes(String(project["status"] ?? "None").toLowerCase());
    },
  },
};

const detail: Readonly<Record<string, Kind>> = {
  projectTypeId: "integer",
  projectManagerIds: "integers",
  name: "string",
  summary: "string",
  statusId: "integer",
  subStatusId: "integer",
  startDate: "instant",
  targetCompletionDate: "instant",
  actualCompletionDate: "instant",
  customFields: "objects",
  externalData: "object",
};

const newProject = bodyFields({ locationId: "integer" }, { ...detail, customerId: "integer" });
const changedProject = bodyFields({}, { ...detail, jobIds: "integers" });

const emptyProject: JsonRecord = {
  name: null,
  summary: null,
  status: null,
  statusId: null,
  subStatus: null,
  subStatusId: null,
  projectManagerIds: [],
  businessUnitIds: [],
  startDate: null,
  targetCompletionDate: null,
  actualCompletionDate: null,
  customFields: [],
  jobIds: [],
};

function createProject(context: Context): Reply {
  const { externalData, ...plain } = sent(context, newProject);
  const location = mustExist(context, "locationId", "locations", plain["locationId"]);
  const id = freshId(context, "projects");
  const project = context.store.create("projects", {
    ...emptyProject,
    customerId: location["customerId"] ?? null,
    ...plain,
    id,
    number: String(id),
    externalData: withExternalData(undefined, externalData),
  });
  return { status: 200, body: printed(project, context) };
}

/** `jobIds` is the whole list: jobs left out lose the project, jobs named get it. */
function updateProject(context: Context): Reply {
  const project = stored(context, "projects", "Project");
  const id = Number(project["id"]);
  const { externalData, ...plain } = sent(context, changedProject);
  const jobIds = plain["jobIds"];
  if (Array.isArray(jobIds)) {
    for (const jobId of jobIds) mustExist(context, "jobIds", "jobs", jobId);
    for (const job of context.store.list("jobs")) {
      const named = jobIds.includes(Number(job["id"]));
      if (named !== (job["projectId"] === id))
        context.store.update("jobs", String(job["id"]), { projectId: named ? id : null });
    }
  }
  const pairs =
    externalData === undefined ? {} : { externalData: withExternalData(project["externalData"], externalData) };
  return { status: 200, body: printed(context.store.update("projects", String(id), { ...plain, ...pairs }), context) };
}

export const projectRoutes: Route[] = [
  listRoute("jpm", "/projects", "listProjects", "projects", projectList),
  route("POST", "jpm", "/projects", "createProject", createProject),
  readRoute("jpm", "/projects/{id}", "getProject", "projects", "Project"),
  route("PATCH", "jpm", "/projects/{id}", "updateProject", updateProject),
];
