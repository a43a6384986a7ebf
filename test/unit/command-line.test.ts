import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commands } from "#cli/commands/all.ts";
import { readLinks, writeLinks } from "#cli/links-file.ts";
import { plumbline } from "#cli/plumbline.ts";
import { card, crewJob, type DeskCompany, deskCompany, deskConfig } from "#test/support/desk-company.ts";
import { type DeskTerminal, deskTerminal } from "#test/support/desk-terminal.ts";

let desk: DeskCompany;
let data: string;
let run: DeskTerminal["run"];
let file: DeskTerminal["file"];
let terminal: DeskTerminal;

beforeEach(async () => {
  terminal = await deskTerminal(await deskCompany());
  ({ desk, data, run, file } = terminal);
  await desk.say("office", "jobs", "o1", card("o1", "10263"));
  await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 300, 0));
});
afterEach(() => terminal.close());

const links =
  'kind,key,connection,stream,id,note\njob,1,office,jobs,o1,\njob,1,crews,serviced-jobs,r1,"says Ana, ""the same"""\n';
describe("every command", () => {
  test.each(commands.map(({ name }) => name))(
    "plumbline %s --help shows its usage and needs no stack",
    async (name) => {
      const { out, err, code } = await plumbline([...name.split(" "), "--help"]);
      expect(code).toBe(0);
      expect(err).toBe("");
      expect(out).toMatch(new RegExp(`^usage: plumbline ${name}`));
      expect(out).toContain("--json");
    },
  );

  test("without a word, the commands are listed; an unknown one ends with 2 and names what there is", async () => {
    expect((await plumbline([])).out).toContain("links import");
    expect(await plumbline(["links"])).toMatchObject({ code: 2, err: expect.stringContaining("links undo") });
    expect(await plumbline(["frobnicate"])).toMatchObject({ code: 2 });
    expect(await plumbline(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("usage: plumbline") });
    expect(await plumbline(["--loud"])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^plumbline: --loud .*\n$/),
    });
    expect(await run("plan", "--loud")).toMatchObject({
      code: 2,
      err: expect.stringContaining("usage: plumbline plan"),
    });
  });

  test("without a stack it says how to get one", async () => {
    const { code, err } = await plumbline(["status", "--data", join(data, "nowhere")]);
    expect(code).toBe(2);
    expect(err).toContain("npm start");
  });
});

describe("asking", () => {
  test("status is the first screen, or the reply itself with --json", async () => {
    expect((await run("status")).out).toContain("2 jobs: none disagrees about money");
    const { out } = await run("status", "--json");
    expect(JSON.parse(out)).toMatchObject({ jobs: 2 });
  });

  test("explain shows who says what, which rule won, the gap with its causes, and the history", async () => {
    await run("links", "import", file("links.csv", links));
    await desk.pass(3);
    const { out } = await run("explain", "10263");
    expect(out).toContain("10263 · Octavio Pena");
    expect(out).toMatch(/Custom Trades CRM office +450\.00 +not stated/);
    expect(out).toMatch(
      /charge open -150\.00 since .*: crews says 300\.00 charged, office says 450\.00\n {4}-150\.00 /,
    );
    expect(out).toMatch(/work: completed.*; as first seen; authority: office/);
    expect(out).toContain("linked by person (links file: 1");
    expect(out).toMatch(/History:\n/);
  });

  test("what is not there ends with 1 and the API's own words", async () => {
    expect(await run("explain", "99")).toMatchObject({ code: 1, err: "plumbline explain: 404: no job is called 99\n" });
  });

  test("feeds end with 1 when one is silent", async () => {
    expect(await run("feeds")).toMatchObject({ code: 0 });
    desk.world.clock.set("2026-12-01T00:00:00.000Z");
    expect(await run("feeds")).toMatchObject({ code: 1, out: expect.stringContaining("SILENT") });
  });

  test.each(["jobs", "breaks", "plan", "receipts", "quarantine", "parked", "links export"])(
    "%s prints lines, and JSON when asked",
    async (name) => {
      expect((await run(...name.split(" "))).code).toBe(0);
      const { out, code } = await run(...name.split(" "), "--json");
      expect(code).toBe(0);
      expect(typeof JSON.parse(out)).toBe("object");
    },
  );
});

describe("deciding", () => {
  beforeEach(async () => {
    await desk.say(
      "branch",
      "jobs",
      "b1",
      card("b1", "JOB-1", { status: "In Progress", completed_at: null, actual_amount: null }),
    );
    await run(
      "links",
      "import",
      file("l.csv", "kind,key,connection,stream,id\njob,1,office,jobs,o1\njob,1,branch,jobs,b1\n"),
    );
    await desk.pass(3);
  });

  test("a job's writes are approved by its number, bound to what the plan shows", async () => {
    expect((await run("plan")).out).toContain("Waiting for your approval");
    expect(await run("approve", "10263")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^done {5}branch JOB-1: /),
    });
    expect((await run("plan")).out).toContain("Approved, on the way:");
    expect(await run("approve", "10263")).toMatchObject({
      code: 2,
      err: expect.stringContaining("nothing of 10263 waits"),
    });
  });

  test("a rejection needs its reason", async () => {
    expect(await run("reject", "10263")).toMatchObject({ code: 2, err: expect.stringContaining("--why is missing") });
    expect(await run("reject", "10263", "--why", "wrong branch")).toMatchObject({ code: 0 });
    expect((await run("plan")).out).toContain("wrong branch");
  });

  test("stop and resume say how it stands", async () => {
    expect((await run("stop", "--why", "rates changed")).out).toBe("Writes are stopped: rates changed.\n");
    expect((await run("status")).out).toContain("Writes are stopped: rates changed.");
    expect((await run("resume")).out).toBe("Writes go.\n");
  });
});

describe("marking a break", () => {
  beforeEach(async () => {
    await run("links", "import", file("links.csv", links));
    await desk.pass(3);
  });

  test("an explanation and a name stand in the list and in explain", async () => {
    expect(await run("breaks", "explain", "10263", "charge", "--note", "given off on the spot")).toMatchObject({
      code: 0,
      out: "10263 charge -150.00 is explained.\n",
    });
    expect((await run("breaks", "--state", "explained")).out).toContain("(given off on the spot)");
    await run("breaks", "assign", "10263", "charge", "--to", "Ben");
    expect((await run("breaks")).out).toContain("assigned to Ben");
    expect((await run("explain", "10263")).out).toContain("  looked after by Ben\n");
  });

  test("a person names the kind of cause, of the closed list", async () => {
    const asked = ["breaks", "explain", "10263", "charge", "--note", "agreed with the owner"];
    expect(await run(...asked, "--cause", "write-off")).toMatchObject({ code: 0 });
    expect((await run("breaks")).out).toContain("(as write-off: agreed with the owner)");
    const { out } = await run("explain", "10263");
    expect(out).toContain("  explained as write-off: agreed with the owner\n");
    expect(out).toContain("explained as write-off by");
    for (const cause of ["unexplained", "mood"])
      expect(await run(...asked, "--cause", cause)).toMatchObject({ code: 1, err: expect.stringContaining("cause") });
  });

  test("without its words it ends with 2, and refused with 1 and what is open", async () => {
    expect(await run("breaks", "explain", "10263", "charge")).toMatchObject({ code: 2 });
    expect(await run("breaks", "assign", "10263", "payment", "--to", "Ben")).toMatchObject({
      code: 1,
      err: expect.stringContaining("open are charge"),
    });
  });
});

describe("the links file", () => {
  test("a dry run counts and changes nothing; an import names its batch, which undo takes back", async () => {
    const name = file("links.csv", links);
    expect((await run("links", "import", name, "--dry-run")).out).toBe(
      "2 new, 0 same, 0 conflicting, 0 not seen yet\nNothing was changed.\n",
    );
    const batch = /Batch (\w+);/.exec((await run("links", "import", name)).out)?.[1] ?? "";
    expect((await run("status")).out).toContain("1 job:");
    expect((await run("links", "undo", "--batch", batch)).out).toBe("2 rows taken back\n");
    expect((await run("status")).out).toContain("2 jobs:");
    expect(await run("links", "undo", "--batch", batch)).toMatchObject({ code: 1 });
  });

  test("what is exported can be imported and changes nothing", async () => {
    await run("links", "import", file("links.csv", links));
    const name = join(data, "out.csv");
    await run("links", "export", name);
    expect(readLinks(readFileSync(name, "utf8")).misfits).toEqual([]);
    expect((await run("links", "import", name)).out).toContain("0 new, 2 same, 0 conflicting");
  });

  test("a line that does not fit is named with its column", async () => {
    const name = file("wrong.csv", "kind,key,connection,stream,id,note\njob,1,office,jobs,o1,\nship,1,office,jobs,,\n");
    const { code, out } = await run("links", "import", name);
    expect(code).toBe(2);
    expect(out).toContain(`${name}: line 3, kind: expected one of job, customer, technician`);
    expect(out).toContain(`${name}: line 3, id: expected the vendor's id`);
  });

  test("quotes, commas and line ends in a note come back as they went", () => {
    const rows = [
      { kind: "job" as const, key: "1", connection: "office", stream: "jobs", id: "o1", note: 'says "no", \nthen yes' },
    ];
    expect(readLinks(writeLinks(rows))).toEqual({ rows, misfits: [] });
  });
});

describe("the cutover file", () => {
  const name = (): string => join(data, "cutover.csv");
  beforeEach(async () => {
    await run("links", "import", file("links.csv", links));
    await run("cutover", "export", name());
  });

  test("says in its first line what is signed for; accepting it twice accepts it once", async () => {
    expect(readFileSync(name(), "utf8")).toMatch(
      /^\$150\.00 on 1 job\njob,number,.*,counted\n\S+,10263,charge,crews,-150\.00,150\.00\n$/,
    );
    expect(await run("cutover", "accept", name(), "--by", "Ana Ortiz")).toMatchObject({
      code: 0,
      out: "$150.00 on 1 job, accepted by Ana Ortiz on 2026-11-02\n",
    });
    expect((await run("breaks")).out).toBe("no break stands\n");
    expect((await run("cutover", "accept", name(), "--by", "Ana Ortiz")).out).toContain(
      "; 1 rows were accepted before",
    );
    expect((await run("cutover", "export", name())).out).toContain("$0.00 on 0 jobs: 0 rows in ");
    expect((await run("cutover", "accept", name(), "--by", "Ana Ortiz")).out).toBe("There is nothing to accept.\n");
  });

  test("whose first line is not what its rows come to, or with an amount that is none, is not sent", async () => {
    const text = readFileSync(name(), "utf8");
    const says = file("says.csv", text.replace("$150.00 on", "$15.00 on"));
    expect(await run("cutover", "accept", says, "--by", "Ana")).toMatchObject({
      code: 2,
      out: `${says}: line 1: says $15.00 on 1 job; the rows come to $150.00 on 1 job\n`,
    });
    const odd = file("odd.csv", text.replace("-150.00", "-150.005"));
    expect(await run("cutover", "accept", odd, "--by", "Ana")).toMatchObject({
      code: 2,
      out: `${odd}: line 3, difference: expected an amount like -150.00\n`,
    });
    expect(await run("cutover", "accept", name())).toMatchObject({ code: 2 });
  });

  test("whose difference has moved since is refused with the row", async () => {
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 310, 0));
    expect(await run("cutover", "accept", name(), "--by", "Ana")).toMatchObject({
      code: 1,
      err: expect.stringContaining("10263 charge at crews: it is -140.00 now"),
    });
  });
});

describe("config apply", () => {
  test("puts what fits into the table, and nothing that does not", async () => {
    const wrong = file("w.json", JSON.stringify({ ...deskConfig, cells: [] }));
    expect(await run("config", "apply", wrong)).toMatchObject({ code: 2 });
    const renamed = structuredClone(deskConfig);
    Object.assign(renamed.companies[0] ?? {}, { name: "Ridgeline West" });
    expect(await run("config", "apply", file("r.json", JSON.stringify(renamed)))).toMatchObject({
      code: 0,
      out: "ridgeline applied\n",
    });
    expect((await desk.world.cell.config.company("ridgeline"))?.name).toBe("Ridgeline West");
  });

  test("of several companies applies the one that is said, or whose token it is, and names the others", async () => {
    const [one] = deskConfig.companies;
    const other = { ...one, id: "mesa", name: "Mesa" };
    const both = file(
      "both.json",
      JSON.stringify({
        ...deskConfig,
        cells: [{ id: "main", companies: ["ridgeline", "mesa"] }],
        companies: [one, other],
      }),
    );
    expect(await run("config", "apply", both, "--company", "ridgeline")).toMatchObject({
      code: 0,
      out: "ridgeline applied\nmesa not applied: it needs a token of its own\n",
    });
    expect(await desk.world.cell.config.company("mesa")).toBeNull();
    expect(await run("config", "apply", both, "--company", "nobody")).toMatchObject({
      code: 2,
      err: expect.stringContaining("holds no company nobody"),
    });
  });
});
