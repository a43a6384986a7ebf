// Run in a process of its own: imports a bundle as the Lambda service would, calls it once against a stand-in for
// every AWS service on loopback, and prints what was loaded. Arguments: bundle, event, environment (both JSON).
const http = process.getBuiltinModule("node:http");
const [, , bundle, event, environment] = process.argv;

const server = http.createServer((request, response) => {
  request.resume().on("end", () => response.setHeader("content-type", "application/x-amz-json-1.0").end("{}"));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const url = `http://127.0.0.1:${server.address().port}`;
Object.assign(process.env, JSON.parse(environment.replaceAll("loopback", url)), {
  AWS_ENDPOINT_URL_DYNAMODB: url,
  AWS_ENDPOINT_URL_SQS: url,
  AWS_ENDPOINT_URL_S3: url,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
});

const { handler } = await import(bundle);
const context = { awsRequestId: "1", functionName: "f", getRemainingTimeInMillis: () => 5_000 };
const outcome = await Promise.resolve(handler(JSON.parse(event), context)).then(
  () => "answered",
  (error) => `threw ${error?.stack ?? error}`,
);
const undici = process.moduleLoadList.filter((module) => module.includes("undici/undici"));
process.stdout.write(`${JSON.stringify({ outcome, undici })}\n`, () => process.exit(0));
