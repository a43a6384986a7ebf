import type { Construct } from "constructs";
import { ConsoleStack } from "#infra/stacks/console.ts";
import { DataStack } from "#infra/stacks/data.ts";
import { ObservabilityStack } from "#infra/stacks/observability.ts";
import { PipelineStack } from "#infra/stacks/pipeline.ts";
import { nameIn, type Stage } from "#infra/stage.ts";

export interface Cell {
  readonly data: DataStack;
  readonly pipeline: PipelineStack;
  readonly console: ConsoleStack;
  readonly observability: ObservabilityStack;
}

/**
 * The four stacks of one cell, by lifecycle: what must never be lost; the path of the data; what people look at;
 * what watches the others. Any of the last three can be deleted and deployed again without losing a record.
 */
export function addCell(scope: Construct, stage: Stage): Cell {
  const data = new DataStack(scope, nameIn(stage, "data"), stage.restoredTable);
  const pipeline = new PipelineStack(scope, nameIn(stage, "pipeline"), { stage, store: data });
  const console = new ConsoleStack(scope, nameIn(stage, "console"), { stage, store: data, pipeline });
  const observability = new ObservabilityStack(scope, nameIn(stage, "observability"), {
    stage,
    store: data,
    pipeline,
    console,
  });
  return { data, pipeline, console, observability };
}
