// Runs inside a network namespace of its own, because DynamoDB Local listens on every interface and cannot be told not
// to: starts it there and passes connections of a socket file on to it. First process of its pid namespace, so that all
// of it ends with this process.
const { execFileSync, spawn } = require("node:child_process");
const net = require("node:net");

const [socketFile, home, dbPath] = process.argv.slice(2);
const port = 8000;

execFileSync("ip", ["link", "set", "lo", "up"], { env: { PATH: "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin" } });
const options = ["-sharedDb", "-disableTelemetry", "-dbPath", dbPath, "-port", String(port)];
const java = spawn("java", ["-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", ...options], {
  cwd: home,
  stdio: ["ignore", "ignore", "inherit"],
  env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
});
java.once("error", (error) => {
  process.stderr.write(`java could not be started: ${error.message}\n`);
  process.exit(1);
});
java.once("exit", (code) => process.exit(code ?? 1));

const server = net.createServer((outside) => {
  const inside = net.connect(port, "127.0.0.1");
  outside.pipe(inside).pipe(outside);
  outside.on("error", () => inside.destroy());
  inside.on("error", () => outside.destroy());
});

/** The socket file appears when the database accepts connections. */
function open() {
  const probe = net.connect(port, "127.0.0.1");
  probe.once("error", () => setTimeout(open, 50));
  probe.once("connect", () => {
    probe.destroy();
    server.listen(socketFile);
  });
}
open();
