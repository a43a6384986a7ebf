import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { addCell } from "#infra/cell.ts";
import { committedContext } from "#infra/context.ts";
import { readStage } from "#infra/stage.ts";

// The cdk command hands the context over in CDK_CONTEXT_JSON. Started alone (npm run synth) the app reads cdk.json
// itself, so that both make the same template.
const app = new App(process.env["CDK_CONTEXT_JSON"] === undefined ? { context: committedContext() } : {});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
addCell(app, readStage(app.node));
app.synth();
