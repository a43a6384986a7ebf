import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { problemLines, readConfig } from "#cli/commands/config.ts";
import { firstScreen } from "#cli/screens/first-screen.ts";
import { databaseLacks } from "#local/aws/dynamodb.ts";
import { startStack } from "#local/aws/stack.ts";
import { refuseSecondStack } from "#local/aws/stack-file.ts";
import { type CompanyConfig, type Config, configSchema } from "#shared/domain/policy.ts";
import { dynamoClient } from "#shared/store/client.ts";
import { openCell } from "#shared/store/open.ts";
import { consolePages } from "./console.ts";
import { sweptAtRest, sweptLine } from "./demo/at-rest.ts";
import { deskAt } from "./demo/bookkeeper.ts";
import { buildDemo } from "./demo/build.ts";
import { closingNumbers } from "./demo/closing.ts";
import { type Demo, vendorNames, withUrls } from "./demo/demo.ts";
import { firstDays } from "./demo/first-days.ts";
import { DAYS } from "./demo/instants.ts";
import { type PlayParts, play } from "./demo/play.ts";
import { sweepAtOnce, takeFolder, wasFilled } from "./demo/resume.ts";
import { fillSimulated, startSimulated } from "./demo/simulated.ts";
import { helpOf, Unfit } from "./launch/options.js";
import { readStartOptions, type StartOptions } from "./start-options.ts";

/** `npm start`: the whole system on this machine, and the demo company's days played through it. */
process.exitCode = await main().catch((cause: unknown) => {
  process.stderr.write(
    `${cause instanceof Error ? (process.env["PLUMBLINE_DEBUG"] ? (cause.stack ?? cause.message) : cause.message) : String(cause)}\n`,
  );
  return cause instanceof Unfit ? 2 : 1;
});
process.exit();

async function main(): Promise<number> {
  const began = Date.now();
  const options = readStartOptions(process.argv.slice(2), DAYS.length);
  if (options.help) {
    process.stdout.write(helpOf("start"));
    return 0;
  }
  const { dataDir, demo } = await takeDataFolder(options);
  const say = (line: string): void => void (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  say("Plumbline on this machine: vendors, table, queues and functions start on loopback ...");
  const simulated = await startSimulated(join(dataDir, "vendors"), demo.seed);
  let signed: () => string | null = () => null;
  const pages = consolePages(() => signed());
  const stack = await startStack({
    dataDir,
    templateDir: "cdk.out",
    beside: pages,
    ...(options.port === null ? {} : { port: options.port }),
  });
  const end = async (): Promise<void> => {
    await stack.close();
    await simulated.close();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void end().then(() => process.exit(130)));
  if (stack.cell === null) throw new Error("no function of the template is told its cell");
  const where = { tableName: stack.tableName, cell: stack.cell };
  const cell = openCell({ client: localTable(stack.endpoints.dynamodb), ...where });
  const config =
    options.config === null
      ? inCell(stack.cell, configSchema.parse(withUrls(demo.config, simulated.urls)))
      : configOf(options.config, simulated.urls);
  const [company] = config.companies;
  if (!company) throw new Error("the demo has no company");
  const goesOn = wasFilled(join(dataDir, "vendors"));
  await fillSimulated(simulated, demo, join(dataDir, "vendors"), stack.apiUrl);
  await cell.applyConfiguration(config);
  if (goesOn) await sweepAtOnce(cell, company, demo.start);
  const token = stack.token({ sub: "bookkeeper@ridgeline.example", company: company.id, role: "engineer" });
  const visitor = { sub: userInfo().username, company: company.id, role: "engineer" };
  signed = () => stack.token(visitor);
  const desk = deskAt(stack.apiUrl, token, company.id, demo);
  say(
    `${company.name}: ${demo.days[0]} to ${demo.days.at(-1)}; the clock jumps from each thing that happens to the next`,
  );
  const page = `${stack.apiUrl}${pages.path}/#key=${pages.key}`;
  if (!options.once) say(`Seen live, signed in: ${page}`);
  await playAndTell({ stack, simulated, cell, desk, demo, dataDir, say }, company, options, began);
  if (options.once) {
    await end();
    return 0;
  }
  say(
    `\nIn a browser, signed in: ${page}\nThe system stays up: ${stack.apiUrl} (Ctrl-C ends it). In another terminal: npm run -s plumbline -- status${existsSync(".plumbline") && options.data === ".plumbline" ? "" : ` --data ${options.data}`}`,
  );
  await new Promise(() => {});
  return 0;
}

/** The data folder and the company it is for. Throws, before anything is emptied or starts, when something does not fit. */
async function takeDataFolder(options: StartOptions): Promise<{ dataDir: string; demo: Demo }> {
  const lacks = databaseLacks();
  if (lacks !== null) throw new Unfit(lacks);
  if (options.config !== null) configOf(options.config, nowhere());
  const dataDir = resolve(options.data);
  // What another stack works on is not ours to take away.
  await refuseSecondStack(dataDir);
  if (options.fresh) rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  const whole = buildDemo({ seed: options.seed });
  const demo = options.days === null ? whole : firstDays(whole, options.days);
  const held = takeFolder(join(dataDir, "vendors"), demo);
  if (held !== null) throw new Unfit(`${dataDir} holds ${held}: add --fresh, or choose another folder with --data`);
  writeFileSync(join(dataDir, "secrets.json"), JSON.stringify(demo.secrets, null, 2), { mode: 0o600 });
  return { dataDir, demo };
}

/** Plays the days, shows the first screen, and with --json says the closing numbers. */
async function playAndTell(
  parts: PlayParts,
  company: CompanyConfig,
  options: StartOptions,
  began: number,
): Promise<void> {
  const { stack, simulated, demo, desk, say } = parts;
  const played = await play(parts);
  const status = await desk.get("status");
  say("");
  say(firstScreen(status));
  const seconds = Math.round((Date.now() - began) / 100) / 10;
  const swept = options.sweep ? await sweptAtRest(parts, company, played.now) : null;
  if (swept) say(sweptLine(swept));
  if (!options.json) return;
  const closing = await closingNumbers({ status, stack, simulated, demo, seconds, jumps: played.jumps });
  process.stdout.write(`${JSON.stringify(swept ? { ...closing, swept } : closing)}\n`);
}

/** The demo's company in the cell that cdk.json names. */
function inCell(id: string, config: Config): Config {
  return { ...config, cells: [{ id, companies: config.companies.map((company) => company.id) }] };
}

/** Stands in for the simulators' addresses while a file is only looked at. */
function nowhere(): Readonly<Record<string, string>> {
  return Object.fromEntries(vendorNames.map((vendor) => [vendor, "http://127.0.0.1:1"]));
}

/** The configuration of a file with the simulators' addresses put in. Throws Unfit with a line for each problem. */
function configOf(file: string, urls: Readonly<Record<string, string>>): Config {
  const fill = (text: string): string =>
    text.replace(/\{\{([a-z]+)\}\}/g, (open, vendor: string) => urls[vendor] ?? open);
  const { config, problems } = readConfig(file, fill);
  if (config === null) throw new Unfit(problemLines(file, problems).join("\n"));
  return config;
}

function localTable(endpoint: string): ReturnType<typeof dynamoClient> {
  return dynamoClient({
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    endpoints: { dynamodb: endpoint },
  });
}
