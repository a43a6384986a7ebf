import { describe, expect, test } from "vitest";
import type { Transport, WireRequest } from "#shared/connectors/transport.ts";
import { Failure } from "#shared/domain/failure.ts";
import { memberAt, type Place, withMember, withoutMember } from "#shared/domain/member.ts";
import { cases } from "./cases/index.ts";
import { template } from "./cases/template.ts";
import type { VendorCase } from "./connector/case.ts";
import { type DocumentedRequest, undocumented } from "./connector/documented-request.ts";
import { misfits } from "./connector/documented-type.ts";
import { sampleFor } from "./connector/sample-input.ts";
import { clientOf } from "./connector/world.ts";
import { connectionFor } from "./support.ts";

/** What the operations of a vendor really send, by operation; then each of it is spoiled in turn, and must be noticed. */
async function sentBy(subject: VendorCase): Promise<ReadonlyMap<string, WireRequest>> {
  const connection = connectionOf(subject);
  const all = new Map<string, WireRequest>();
  for (const row of subject.operations) {
    const over: Transport = async (request) => {
      if (request.url !== connection.authUrl) all.set(row.key, request);
      const body = new TextEncoder().encode('{"access_token":"token","expires_in":900}');
      return { status: 200, headers: { "content-type": "application/json" }, body };
    };
    const ran = row.run?.(clientOf(subject, connection, over), sampleFor(subject, row));
    await ran?.catch((cause: unknown) => {
      if (!(cause instanceof Failure)) throw cause;
    });
  }
  return all;
}

function connectionOf(subject: VendorCase) {
  const settings = subject.connection("http://127.0.0.1:1");
  return connectionFor(subject.connector.vendor, settings.baseUrl, settings);
}

const problems = (subject: VendorCase, request: WireRequest) =>
  undocumented(request, connectionOf(subject).baseUrl.replace(/\/+$/, ""), subject.requests);

const bodyOf = ({ body }: WireRequest): unknown => JSON.parse(new TextDecoder().decode(body ?? undefined) || "null");
const withBody = (request: WireRequest, body: unknown): WireRequest => ({
  ...request,
  body: new TextEncoder().encode(JSON.stringify(body)),
});

/** Every place of a body, the inner ones after their owners. */
function placesIn(value: unknown, owner: Place = []): readonly Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => [
    [...owner, name],
    ...placesIn(member, [...owner, name]),
  ]);
}

/** The same as another kind of JSON. */
function otherKind(value: unknown): unknown {
  if (typeof value === "string") return 7;
  if (typeof value === "number") return `${value} of it`;
  if (typeof value === "boolean") return String(value);
  return Array.isArray(value) ? { zzUnheard: 1 } : [];
}

/** A list's place is no member: its owner is the list itself. */
function spoiled(body: unknown, place: Place): unknown {
  const member = otherKind(memberAt(body, place));
  const owner = memberAt(body, place.slice(0, -1));
  if (!Array.isArray(owner)) return withMember(body, place, member);
  const list = owner.map((one: unknown, at) => (String(at) === place.at(-1) ? member : one));
  return withMember(body, place.slice(0, -1), list);
}

test.each([
  ["=Low|High", ["Low"], ["low", "", 1, null]],
  ["=Low|High?", ["Low", null], ["low"]],
  ["[integer]", [[], [1, 2]], [1, ["1"], [1.5], { 0: 1 }]],
  ["instant", ["2026-11-02T08:00:00Z", "2026-11-02T08:00:00.1234567-07:00"], ["2026-11-02", "today", 1, null]],
  ["day", ["2026-11-02", "2026-11-02T08:00:00Z"], ["2.11.2026"]],
  ["number", [1, 0.5], ["1", Number.NaN, true]],
  ["boolean", [true], ["true", 1]],
  [
    "$pair",
    [
      { key: "a", value: "b" },
      { key: "a", value: "b", note: "c" },
    ],
    [{ key: "a" }, { key: "a", value: 1 }, { key: "a", value: "b", more: 1 }, []],
  ],
] as const)("the type %s has these values, and not those", (type, good, bad) => {
  const named = { pair: { key: "text", value: "text", "note?": "text" } };
  expect(good.map((value) => misfits(value, type, named, "x"))).toEqual(good.map(() => []));
  expect(bad.filter((value) => misfits(value, type, named, "x").length === 0)).toEqual([]);
});

describe.each([...cases, template])("$connector.vendor", (subject) => {
  const named = (one: DocumentedRequest) => [
    ...[...one.path.matchAll(/\{(\w+)\}/g)].map((match) => ["path", match[1] ?? ""] as const),
    ...one.query.map((name) => ["query", name] as const),
    ...[...(one.body?.required ?? []), ...(one.body?.optional ?? [])].map((name) => ["body", name] as const),
  ];

  test("states a type for everything that its requests may hold, and for nothing else", () => {
    const untyped = subject.requests.flatMap((one) =>
      named(one).flatMap(([part, name]) => (name in one.types[part] ? [] : [`${one.operation} ${part} ${name}`])),
    );
    expect(untyped).toEqual([]);
    const held = new Set(subject.requests.flatMap(named).map(([part, name]) => `${part} ${name}`));
    const stated = subject.requests.flatMap(({ types }) =>
      (["path", "query", "body"] as const).flatMap((part) => Object.keys(types[part]).map((name) => `${part} ${name}`)),
    );
    expect([...new Set(stated)].filter((name) => !held.has(name))).toEqual([]);
  });

  test("a member of a wrong type, with a wrong name, or missing where it must stand is noticed in every body", async () => {
    const unnoticed: string[] = [];
    let tried = 0;
    for (const [operation, request] of await sentBy(subject)) {
      const body = bodyOfJson(request);
      if (body === null) continue;
      expect([operation, problems(subject, request)]).toEqual([operation, []]);
      const required = subject.requests.find((one) => one.operation === operation)?.body?.required ?? [];
      for (const place of placesIn(body)) {
        const isListed = Array.isArray(memberAt(body, place.slice(0, -1)));
        const without = isListed ? null : withoutMember(body, place);
        const changes = {
          kind: spoiled(body, place),
          name: isListed
            ? null
            : withMember(without, [...place.slice(0, -1), `${place.at(-1)}Zz`], memberAt(body, place)),
          missing: place.length === 1 && required.includes(place[0] ?? "") ? without : null,
        };
        for (const [kind, changed] of Object.entries(changes)) {
          if (changed === null) continue;
          tried += 1;
          if (problems(subject, withBody(request, changed)).length > 0) continue;
          unnoticed.push(`${kind} ${[operation, ...place].join(".")}`);
        }
      }
    }
    expect(unnoticed).toEqual(open[subject.connector.vendor] ?? []);
    const bodies = subject.requests.filter((one) => one.body?.kind === "json").length;
    expect(tried).toBeGreaterThanOrEqual(bodies);
  });

  test("a wrong name, and a value that the type has not, are noticed in every query and path", async () => {
    const unnoticed: string[] = [];
    for (const [operation, request] of await sentBy(subject)) {
      const url = new URL(request.url);
      const documented = subject.requests.filter((one) => one.operation === operation);
      for (const [name] of url.searchParams) {
        const wrong = new URL(url);
        wrong.searchParams.set(name, "zz zz");
        const isText = documented.every((one) => /^\[?text\]?$/.test(String(one.types.query[name] ?? "text")));
        const misnamed = new URL(url);
        misnamed.searchParams.delete(name);
        misnamed.searchParams.set(`${name}Zz`, "1");
        for (const [kind, changed] of [...(isText ? [] : [["value", wrong] as const]), ["name", misnamed] as const])
          if (problems(subject, { ...request, url: changed.href }).length === 0)
            unnoticed.push(`${kind} ${operation} ${name}`);
      }
      const isNumbered = documented.every(({ types }) => Object.values(types.path).every((type) => type === "integer"));
      const unnumbered = isNumbered ? url.pathname.replace(/\/\d+(?=\/|$)/g, "/zz") : url.pathname;
      for (const path of [`${url.pathname}/zz`, unnumbered]) {
        if (path === url.pathname) continue;
        if (problems(subject, { ...request, url: new URL(`${path}${url.search}`, url).href }).length === 0)
          unnoticed.push(`path ${operation} ${path}`);
      }
    }
    expect(unnoticed).toEqual([]);
  });
});

function bodyOfJson(request: WireRequest): unknown {
  const type = Object.entries(request.headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  return type === "application/json" ? bodyOf(request) : null;
}

/** What a document leaves open: any value, or objects of whose members it says nothing. */
const open: Readonly<Record<string, readonly string[]>> = {
  fleetio: [
    "kind updateServiceEntry.service_entry_line_items_attributes.0.type",
    "name updateServiceEntry.service_entry_line_items_attributes.0.type",
  ],
  customtrades: [
    ...["previewInvoice", "createInvoice", "updateInvoice"].map((key) => `kind ${key}.line_items.0`),
    ...["createPayment", "updatePayment"].map((key) => `kind ${key}.payment_details`),
    ...["createCustomer", "updateCustomer"].map((key) => `kind ${key}.internal_flags`),
  ],
};
