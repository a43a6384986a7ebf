import { beforeEach, describe, expect, test } from "vitest";
import type { Fields } from "#console/action.ts";
import { type Desk, openDesk } from "#console/desk.ts";
import type { Place } from "#console/place.ts";
import { nothingKnown, type State } from "#console/state.ts";
import { pageOf } from "#console/views/page.ts";
import { type Api, Declined } from "#shared/replies/api.ts";
import { card, crewJob, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";
import { actionOf, branches, textOf, tokenOf } from "#test/support/page.ts";

/** The page over operate itself, in memory: what is shown is what the API really answers. */
let company: DeskCompany;
let state: State;
let desk: Desk;
let went: Place[];
let kept: (string | null)[];
let asked: string[];

beforeEach(async () => {
  company = await deskCompany();
  await company.say("office", "jobs", "o1", card("o1", "10263"));
  await company.say("crews", "serviced-jobs", "r1", crewJob("r1", 300, 0));
  await company.ask("POST", "links/import", {
    body: {
      rows: [
        { kind: "job", key: "1", connection: "office", stream: "jobs", id: "o1" },
        { kind: "job", key: "1", connection: "crews", stream: "serviced-jobs", id: "r1" },
      ],
    },
  });
  await company.pass(3);
  [state, went, kept, asked] = [nothingKnown, [], [], []];
  desk = openDesk({
    apiOf: ({ role }) => apiAs(role),
    show: (next) => {
      state = next;
    },
    go: (place) => void went.push(place),
    keep: (token) => void kept.push(token),
  });
});

function apiAs(role: string): Api {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    asked.push(`${method} ${path}`);
    const { status, json } = await company.ask(method, path, { role, ...(body === undefined ? {} : { body }) });
    if (status < 400) return JSON.parse(JSON.stringify(json));
    throw new Declined(status, json, `${status}: ${JSON.stringify(json)}`);
  };
  return { company: "ridgeline", get: (path) => call("GET", path), post: (path, body) => call("POST", path, body) };
}

const tokenAs = (role: string): string => tokenOf({ sub: "ana@ridgeline.example", company: "ridgeline", role });
const signedIn = (role = "engineer"): Promise<void> => desk.signIn(tokenAs(role));
const page = () => pageOf(state);
const said = (): string => textOf(page());
const press = (words: string, fields: Fields = {}): Promise<void> => desk.act(actionOf(page(), words), fields);

describe("signing in", () => {
  test("a stranger sees a door, and what is no token is said to be none", async () => {
    await desk.arrive({ at: "money" });
    expect(asked).toEqual([]);
    await press("Sign in", { token: "hello" });
    expect(said()).toContain("That is no operator's token");
    await press("Sign in", { token: ` ${tokenAs("viewer")} ` });
    expect(state.session).toMatchObject({ sub: "ana@ridgeline.example", role: "viewer" });
    expect(kept).toEqual([tokenAs("viewer")]);
    await press("Sign out");
    expect([state.session, state.board, kept.at(-1)]).toEqual([null, null, null]);
  });

  test("a token that does not hold any more leads back to the door and is forgotten", async () => {
    const refusing = openDesk({
      apiOf: () => {
        throw new Declined(401, {}, "401: Unauthorized");
      },
      show: (next) => {
        state = next;
      },
      go: () => {},
      keep: (token) => void kept.push(token),
    });
    await refusing.signIn(tokenAs("engineer"));
    expect(kept).toEqual([tokenAs("engineer"), null]);
    expect(said()).toContain("The token does not hold any more");
  });
});

describe("what a bookkeeper sees", () => {
  test("first: how much, in how many jobs, and between whom", async () => {
    await signedIn("viewer");
    expect(said()).toContain("$150.00");
    expect(said()).toContain("1 of 1 job disagrees about money.");
    expect(said()).toContain("$150.00 | charges differ | 10263 | Rotor says 300.00, the invoice says 450.00");
    const links = branches(page()).filter(({ tag }) => tag === "a");
    expect(links.map(({ attributes }) => attributes["href"])).toContainEqual(expect.stringMatching(/^#\/job\/./));
  });

  test("a job by its number, field by field, with its gap and the causes that sum to it", async () => {
    await signedIn("viewer");
    await press("Sign out");
    await signedIn("viewer");
    await desk.arrive({ at: "job", name: "10263" });
    expect(said()).toContain("Job 10263");
    expect(said()).toContain("$150.00 apart");
    expect(said()).toMatch(/Rotor.* \| \$300\.00 \| \$300\.00 \| \$0\.00/);
    expect(said()).toContain("-$150.00");
    expect(branches(page()).filter(({ attributes }) => attributes["class"] === "causes")).not.toEqual([]);
    const history = branches(page()).find(({ tag }) => tag === "details");
    expect(history && textOf([history])).toContain("History: ");
  });

  test("each section asks for its own list beside the board, and nothing else", async () => {
    await signedIn("viewer");
    const more = { unattached: "unattached", written: "receipts", feeds: "feeds" } as const;
    const lists = { waiting: "plan", breaks: "breaks", ...more } as const;
    for (const at of ["waiting", "breaks", "unattached", "written", "feeds"] as const) {
      asked = [];
      await desk.arrive({ at });
      expect(asked.sort()).toEqual(["GET status", `GET ${lists[at]}`].sort());
      expect(state.said).toBeNull();
    }
    expect(said()).toMatch(/\(crews\) \| serviced-jobs \| fresh/);
  });

  test("money in no job, customer by customer, and only so much of it as a person looks through", async () => {
    await signedIn("viewer");
    await desk.arrive({ at: "unattached" });
    expect(said()).toContain("All money that was read belongs to a job.");
    const bill = { total_amount: 99, balance_amount: 49, issue_date: "2026-10-31", status: "Draft", updated_at: "x" };
    await company.say("office", "invoices", "i1", { uuid: "i1", invoice_number: "M-1", customer_uuid: "c1", ...bill });
    await company.say("office", "invoices", "i2", { uuid: "i2", ...bill, status: "Pending", total_amount: null });
    const paid = { customer_uuid: "c1", amount: 1, status: "Completed", updated_at: "x" };
    await company.say("office", "payments", "p1", { uuid: "p1", ...paid, amount: 500, payment_date: "2026-11-01" });
    await press("Refresh");
    expect(said()).toContain("1 payment with $500.00 on no invoice, 2 invoices of $0.00 without a job.");
    expect(said()).toContain(
      "office/customers/c1 | Payment in Custom Trades CRM office | 1 Nov | $500.00 | $500.00 | ",
    );
    expect(said()).toContain("Invoice M-1 in Custom Trades CRM office, a draft | 31 Oct | $99.00 |  | $49.00");
    expect(said()).toContain("nobody named | Invoice in Custom Trades CRM office | 31 Oct | not stated |  | $49.00");
    for (let n = 0; n < 500; n++) await company.say("office", "payments", `q${n}`, { uuid: `q${n}`, ...paid });
    asked = [];
    await press("Refresh");
    expect(asked.filter((one) => one.startsWith("GET unattached"))).toHaveLength(5);
    expect(said()).toContain("and more: the terminal lists them all.");
  });

  test("a job nobody knows is said, not shown", async () => {
    await signedIn("viewer");
    await desk.arrive({ at: "job", name: "99" });
    expect(said()).toContain("no job is called 99");
    expect(said()).toContain("There is nothing to show.");
  });

  test("finding a job moves the address", async () => {
    await signedIn("viewer");
    await desk.act({ do: "find" }, { name: " 10263 " });
    await desk.act({ do: "find" }, { name: " " });
    expect(went).toEqual([{ at: "job", name: "10263" }]);
  });

  test("a feed that is silent stands above everything", async () => {
    company.world.clock.set("2026-11-09T08:00:00.000Z");
    await signedIn("viewer");
    const alerts = branches(page()).filter(({ attributes }) => attributes["role"] === "alert");
    expect(textOf(alerts)).toContain("Not fresh: ");
    expect(textOf(alerts)).toContain("(crews)");
  });
});

describe("what is decided", () => {
  const proposed = async (): Promise<void> => {
    await company.say("office", "jobs", "o2", card("o2", "20", { status: "In Progress", completed_at: null }));
    await company.say("branch", "jobs", "b2", card("b2", "77", { status: "In Progress", completed_at: null }));
    await company.ask("POST", "links/import", {
      body: {
        rows: [
          { kind: "job", key: "2", connection: "office", stream: "jobs", id: "o2" },
          { kind: "job", key: "2", connection: "branch", stream: "jobs", id: "b2" },
        ],
      },
    });
    await company.pass(2);
    await company.say("office", "jobs", "o2", card("o2", "20", { updated_at: "2026-11-02T13:00:00Z" }));
    await company.pass(3);
    await desk.arrive({ at: "waiting" });
  };

  test("an approval carries the hash of what was seen, and what came of it is said", async () => {
    await signedIn("bookkeeper");
    await proposed();
    expect(state.plan?.intents.length).toBeGreaterThan(0);
    const action = actionOf(page(), "Approve");
    expect(action).toMatchObject({ do: "approve", seen: { bound: state.plan?.intents[0]?.bound } });
    await desk.act(action);
    expect(state.said).toMatchObject({ good: true, text: expect.stringMatching(/^Approved: ./) });
    expect(said()).toContain("Approved by ana@ridgeline.example");
  });

  test("a plan that has changed meanwhile is not approved: refused, said, and shown as it is now", async () => {
    await signedIn("bookkeeper");
    await proposed();
    const action = actionOf(page(), "Approve");
    if (action.do !== "approve") throw new Error("no approval");
    asked = [];
    await desk.act({ ...action, seen: { ...action.seen, bound: "as it was" } });
    expect(state.said).toMatchObject({ good: false, text: expect.stringMatching(/^409: /) });
    expect(asked).toEqual(["POST plan/approve", "GET status", "GET plan"]);
    expect(said()).not.toContain("Approved by");
  });

  test("a rejection asks why first, and keeps the reason", async () => {
    await signedIn("bookkeeper");
    await proposed();
    await press("Reject …");
    expect(branches(page()).some(({ attributes }) => attributes["name"] === "why")).toBe(true);
    await press("Reject", { why: "the branch still works on it" });
    expect(said()).toContain("Rejected by ana@ridgeline.example: the branch still works on it");
  });

  test("a viewer is told which role decides, and has nothing to press", async () => {
    await signedIn("viewer");
    await proposed();
    expect(said()).toContain("Deciding needs the role bookkeeper; yours is viewer.");
    expect(() => actionOf(page(), "Approve")).toThrow("nothing to press");
  });

  test("the switch: only an engineer throws it, with a reason that everybody is shown", async () => {
    await signedIn("bookkeeper");
    expect(() => actionOf(page(), "Stop all writes")).toThrow("nothing to press");
    await signedIn("engineer");
    await press("Stop all writes …");
    await press("Stop all writes", { why: "month end" });
    const alert = branches(page()).filter(({ attributes }) => attributes["role"] === "alert");
    expect(textOf(alert)).toContain("All writes are stopped. month end");
    await press("Let writes go again");
    expect(state.board?.stopped.stopped).toBe(false);
    expect(said()).toContain("Writes go again.");
  });
});
