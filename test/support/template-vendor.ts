import { isRecord, type JsonRecord } from "#local/vendors/kit/json.ts";
import { type Context, defineVendor, type Reply } from "#local/vendors/kit/vendor.ts";

const statuses = ["Booked", "Underway", "Finished", "Called off"];
const refused = (status: number, message: string): Reply => ({ status, body: { error: { message } } });

/** The vendor of shared/connectors/template, played from its reference: jobs by change time, one read, one write. */
export const templateVendor = defineVendor({
  id: "template",
  base: "/v1",
  collections: { jobs: { key: "id", created: "created_at", modified: "changed_at" } },
  dials: {},
  authenticate: ({ request, accounts }) => {
    const account = [...accounts.values()].find((one) => one.credentials["apiKey"] === request.headers["x-api-key"]);
    return account ? { account } : { reply: refused(401, "Unknown key") };
  },
  routes: [
    { method: "GET", path: "/jobs", operation: "listJobs", handle: listJobs },
    {
      method: "GET",
      path: "/jobs/{id}",
      operation: "getJob",
      handle: ({ store, request }) => {
        const job = store.get("jobs", request.params["id"] ?? "");
        return job ? { status: 200, body: { job } } : refused(404, "No such job");
      },
    },
    { method: "PATCH", path: "/jobs/{id}", operation: "updateJob", handle: updateJob },
  ],
  replies: {
    notFound: () => refused(404, "Nothing here"),
    badBody: () => refused(400, "The body is no JSON"),
    serverError: (message) => refused(500, message),
  },
});

/** Where a job stands in the list: by change time, then by id. */
const placeOf = (job: JsonRecord): string => `${String(job["changed_at"])} ${String(job["id"])}`;

function listJobs({ store, request: { query } }: Context): Reply {
  const limit = Number(query.get("limit") ?? 25);
  if (!Number.isInteger(limit) || limit < 1 || limit > 50) return refused(400, "limit must be 1 to 50");
  const since = Date.parse(query.get("changed_since") ?? "1970-01-01T00:00:00Z");
  const after = query.get("after") ?? "";
  const jobs = store
    .list("jobs")
    .filter((job) => Date.parse(String(job["changed_at"])) >= since && placeOf(job) > after)
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const shown = jobs.slice(0, limit);
  const last = shown.at(-1);
  return { status: 200, body: { jobs: shown, next: jobs.length > limit && last ? placeOf(last) : null } };
}

function updateJob({ store, request }: Context): Reply {
  const id = request.params["id"] ?? "";
  const sent = isRecord(request.body) ? request.body : {};
  if (!store.get("jobs", id)) return refused(404, "No such job");
  const { status, title } = sent;
  if (status !== undefined && !statuses.includes(String(status))) return refused(400, "status is no known word");
  const fields = { ...(status === undefined ? {} : { status }), ...(title === undefined ? {} : { title }) };
  return { status: 200, body: { job: store.update("jobs", id, fields) } };
}
