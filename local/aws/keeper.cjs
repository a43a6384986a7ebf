// Outlives the runner by a moment, so that nothing else does. Started by the runner with a pipe on stdin: starts the
// command given as arguments, learns the process ids of sandboxes (`+123`, `-123`, one a line), and kills all of them
// when the pipe closes, however the runner ended. Plain CommonJS: it must start fast and needs nothing.
const { spawn } = require("node:child_process");
const { createInterface } = require("node:readline");

const kept = new Set();
const [command, ...argv] = process.argv.slice(2);
const child = spawn(command, argv, { stdio: ["ignore", "inherit", "inherit"] });

function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") process.stderr.write(`process ${pid} could not be ended: ${error.message}\n`);
  }
}

child.once("spawn", () => process.stdout.write(`${JSON.stringify({ pid: child.pid })}\n`));
child.once("error", (error) => {
  process.stderr.write(`${command} could not be started: ${error.message}\n`);
  process.exit(1);
});
child.once("exit", (code) => {
  for (const pid of kept) kill(pid);
  process.exit(code ?? 1);
});

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) kept.add(pid);
  else kept.delete(pid);
});
lines.on("close", () => {
  for (const pid of kept) kill(pid);
  kept.clear();
  child.kill("SIGKILL");
});
// Ctrl-C reaches the whole group; the end of the runner, which closes the pipe, is what counts.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
