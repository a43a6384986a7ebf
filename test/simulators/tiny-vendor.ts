import { isRecord } from "#local/vendors/kit/json.ts";
import { defineVendor } from "#local/vendors/kit/vendor.ts";

/** A vendor with one kind of record and webhooks, to test the kit with. */
export const tiny = defineVendor({
  id: "tiny",
  base: "/v1",
  collections: {
    things: { key: "id", created: "created", modified: "modified" },
    kept: { key: "id", modified: "modified", softDelete: "deleted" },
  },
  dials: { loud: { default: false, from: "simulator", about: "Answers in capitals." } },
  authenticate: ({ request, accounts }) => {
    const account = [...accounts.values()].find((one) => one.credentials["key"] === request.headers["key"]);
    return account ? { account } : { reply: { status: 401, body: { error: "who" } } };
  },
  routes: [
    {
      method: "GET",
      path: "/things",
      operation: "list",
      handle: ({ store }) => ({ status: 200, body: store.list("things") }),
    },
    {
      method: "GET",
      path: "/lagging",
      operation: "lagging",
      handle: ({ store, dials }) => ({ status: 200, body: store.seen("things", dials.number("readLagMs")) }),
    },
    {
      method: "POST",
      path: "/things",
      operation: "create",
      handle: ({ store, request }) => {
        const sent = isRecord(request.body) ? request.body : {};
        const made = store.create("things", {
          id: `thing-${store.nextNumber("thing", 100)}`,
          mark: store.uuid(),
          ...sent,
        });
        return sent["bad"] === true ? { status: 422, body: { error: "bad" } } : { status: 201, body: made };
      },
    },
    {
      method: "PUT",
      path: "/things/{id}",
      operation: "update",
      handle: ({ store, request }) => {
        const sent = isRecord(request.body) ? request.body : {};
        const id = request.params["id"] ?? "";
        if (!store.get("things", id)) return { status: 404, body: { error: "no such thing" } };
        return { status: 200, body: store.update("things", id, sent) };
      },
    },
    { method: "POST", path: "/hello", operation: "hello", open: true, handle: () => ({ status: 200, body: "hello" }) },
  ],
  webhooks: {
    events: (change) => [
      change.before === null || change.after === null
        ? { event: change.after === null ? "gone" : "made", body: change.after ?? change.before }
        : { event: "changed", body: change.after, delayMs: 60_000, coalesce: change.key },
    ],
    request: (delivery, webhook) => ({
      headers: { "content-type": "application/json", secret: webhook.secret },
      body: JSON.stringify({ id: delivery.id, event: delivery.event, record: delivery.body }),
    }),
    accepts: (status) => status === 200,
    retryDelaysMs: () => [10_000, 30_000],
    timeoutMs: 2_000,
    disableAfterFailures: () => 4,
  },
  replies: {
    notFound: () => ({ status: 404, body: { error: "nothing here" } }),
    badBody: () => ({ status: 400, body: { error: "no JSON" } }),
    serverError: () => ({ status: 500, body: { error: "broken" } }),
  },
});
