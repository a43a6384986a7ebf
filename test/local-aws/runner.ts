import { startSmallStack } from "./support.ts";

// A runner to be killed: starts the fixture, leaves one sandbox warm and one in an endless loop, and says which processes there are.
const small = await startSmallStack();
await small.send("small-work", ["ok"]);
await small.stack.idle();
await small.send("small-again", ["round"]);
await small.stack.idle();
await small.send("small-work", ["spin"]);
while (!small.reports().some(({ bodies }) => bodies?.includes("spin")))
  await new Promise((done) => setTimeout(done, 5));
process.stdout.write(
  `${JSON.stringify({ dataDir: small.dataDir, sandboxes: small.reports().map(({ pid }) => pid) })}\n`,
);
