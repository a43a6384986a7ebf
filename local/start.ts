import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { firstScreen } from "#cli/screens/first-screen.ts";
import { startStack } from "#local/aws/stack.ts";
import { configSchema } from "#shared/domain/policy.ts";
import { dynamoClient } from "#shared/store/client.ts";
import { openCell } from "#shared/store/open.ts";
import { deskAt } from "./demo/bookkeeper.ts";
import { buildDemo } from "./demo/build.ts";
import { closingNumbers } from "./demo/closing.ts";
import { withUrls } from "./demo/demo.ts";
import { play } from "./demo/play.ts";
import { fillSimulated, startSimulated } from "./demo/simulated.ts";

/** `npm start`: the whole system on this machine, and the demo company's days played through it. */
const { values: options } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    fresh: { type: "boolean", default: false },
    data: { type: "string", default: ".plumbline" },
    port: { type: "string" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) {
  process.stdout.write(
    [
      "npm start [-- options]   the whole system on loopback, and the demo company's days",
      "  --once        end when the last day is played and all is at rest",
      "  --json        with --once: one JSON object as the last line",
      "  --fresh       empty the data folder first (else it goes on where it was)",
      "  --data DIR    the data folder (.plumbline)",
      "  --port N      the HTTP API's port (a free one)",
      "  --seed N      another demo company (1)",
      "",
    ].join("\n"),
  );
  process.exit(0);
}

process.exitCode = await main().catch((cause: unknown) => {
  process.stderr.write(
    `${cause instanceof Error ? (process.env["PLUMBLINE_DEBUG"] ? (cause.stack ?? cause.message) : cause.message) : String(cause)}\n`,
  );
  return 1;
});
process.exit();

async function main(): Promise<number> {
  const began = Date.now();
  const dataDir = resolve(options.data);
  if (options.fresh) rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  const say = (line: string): void =>
    void (options.json && options.once ? process.stderr : process.stdout).write(`${line}\n`);
  const demo = buildDemo({ seed: Number(options.seed) });
  writeFileSync(join(dataDir, "secrets.json"), JSON.stringify(demo.secrets, null, 2), { mode: 0o600 });
  say("Plumbline on this machine: vendors, table, queues and functions start on loopback ...");
  const simulated = await startSimulated(join(dataDir, "vendors"), demo.seed);
  const stack = await startStack({
    dataDir,
    templateDir: "cdk.out",
    ...(options.port ? { port: Number(options.port) } : {}),
  });
  const end = async (): Promise<void> => {
    await stack.close();
    await simulated.close();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void end().then(() => process.exit(130)));
  const cell = openCell({ client: localTable(stack.endpoints.dynamodb), tableName: stack.tableName, cell: "main" });
  const config = configSchema.parse(withUrls(demo.config, simulated.urls));
  const [company] = config.companies;
  if (!company) throw new Error("the demo has no company");
  await fillSimulated(simulated, demo, join(dataDir, "vendors"), stack.apiUrl);
  await cell.applyConfiguration(config);
  const token = stack.token({ sub: "bookkeeper@ridgeline.example", company: company.id, role: "engineer" });
  const desk = deskAt(stack.apiUrl, token, company.id, demo);
  say(`${company.name}: ${demo.days[0]} to ${demo.days.at(-1)}, seen every time somebody or something is due`);
  const played = await play({ stack, simulated, cell, desk, demo, dataDir, say });
  const status = await desk.get("status");
  say("");
  say(firstScreen(status));
  if (options.once) {
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    if (options.json)
      process.stdout.write(
        `${JSON.stringify(await closingNumbers({ status, stack, simulated, demo, seconds, jumps: played.jumps }))}\n`,
      );
    await end();
    return 0;
  }
  say(
    `\nThe system stays up: ${stack.apiUrl} (Ctrl-C ends it). In another terminal: npm run -s plumbline -- status${existsSync(".plumbline") && options.data === ".plumbline" ? "" : ` --data ${options.data}`}`,
  );
  await new Promise(() => {});
  return 0;
}

function localTable(endpoint: string): ReturnType<typeof dynamoClient> {
  return dynamoClient({
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    endpoints: { dynamodb: endpoint },
  });
}
