import { readFileSync } from "node:fs";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { addCell } from "#infra/cell.ts";
import { readStage } from "#infra/stage.ts";

// Started by the cdk command, the context comes in the environment; started alone (npm run synth), it is read here,
// so that both make the same template.
const { context } = JSON.parse(readFileSync(new URL("../cdk.json", import.meta.url), "utf8"));
const app = new App(process.env["CDK_CONTEXT_JSON"] === undefined ? { context } : {});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
addCell(app, readStage(app.node));
app.synth();
