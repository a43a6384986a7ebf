// Loaded before AWS's runtime client, which talks to the Runtime API through a native module that npm does not build
// here: the same three calls over node:http. Also ends the sandbox when its parent is gone. Plain CommonJS, because a
// cold start should not pay for anything else.
const http = require("node:http");
const Module = require("node:module");

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const base = "/2018-06-01/runtime/invocation";

function call(method, path, headers, body, answered) {
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  const request = http.request({ host, port, method, path, agent, headers: { ...headers, ...length } }, (response) => {
    const chunks = [];
    response.on("data", (chunk) => chunks.push(chunk));
    response.on("end", () => answered({ headers: response.headers, bodyJson: Buffer.concat(chunks).toString("utf8") }));
  });
  // Without its Runtime API a sandbox has nothing to live for.
  request.on("error", () => process.exit(1));
  request.end(body);
}

const client = {
  next: () => new Promise((resolve) => call("GET", `${base}/next`, {}, undefined, resolve)),
  done: (id, body) => call("POST", `${base}/${id}/response`, { "content-type": "application/json" }, body, () => {}),
  error: (id, body) => call("POST", `${base}/${id}/error`, { "content-type": "application/json" }, body, () => {}),
};

const load = Module._load;
Module._load = function (request, ...rest) {
  return request === "./rapid-client.node" ? client : load.call(this, request, ...rest);
};

process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0));
process.stdin.resume();
