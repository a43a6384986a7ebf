import { ArnFormat, type Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { WorkQueue } from "#infra/constructs/work-queue.ts";
import type { Store } from "#infra/stacks/data.ts";
import { table as keys } from "#shared/store/table.ts";

/** One thing a function may do. Where it needs a wildcard, the finding of the security check and why it is right. */
export interface Right {
  readonly statement: PolicyStatement;
  readonly wildcard?: { readonly id: string; readonly reason: string };
}

const readActions = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
const writeActions = [
  "dynamodb:BatchWriteItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DeleteItem",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
];

/** May read items of the table, never scan it. */
export const readsTable = (store: Store): Right => ({
  statement: new PolicyStatement({ sid: "ReadTable", actions: readActions, resources: [store.table.tableArn] }),
});

/** May read and write items of the table, alone or in a transaction, never scan it. */
export const writesTable = (store: Store): Right => ({
  statement: new PolicyStatement({
    sid: "WriteTable",
    actions: [...readActions, ...writeActions].sort(),
    resources: [store.table.tableArn],
  }),
});

/** May ask the named indexes of the table. */
export const queriesIndexes = (store: Store, ...indexes: ("dueIndex" | "listIndex")[]): Right => ({
  statement: new PolicyStatement({
    sid: "QueryIndex",
    actions: ["dynamodb:Query"],
    resources: indexes.map((index) => `${store.table.tableArn}/index/${keys[index].name}`),
  }),
});

/** May put raw payloads into the archive. */
export const writesArchive = (store: Store): Right => archiveRight(store, "WriteArchive", "s3:PutObject");

/** May read raw payloads back. Without the right to list, S3 would answer 403 for a missing object, not 404. */
export const readsArchive = (store: Store): Right => {
  const right = archiveRight(store, "ReadArchive", "s3:GetObject");
  right.statement.addActions("s3:ListBucket");
  right.statement.addResources(store.archive.bucketArn);
  return right;
};

function archiveRight(store: Store, sid: string, action: string): Right {
  return {
    statement: new PolicyStatement({ sid, actions: [action], resources: [store.archive.arnForObjects("*")] }),
    wildcard: {
      id: `AwsSolutions-IAM5[Resource::${store.archiveExport}/*]`,
      reason: "Objects of the one archive, whose keys are made when a page is read; one action each, never a delete.",
    },
  };
}

/** May send messages to these queues. */
export const sendsTo = (...queues: readonly WorkQueue[]): Right => ({
  statement: new PolicyStatement({
    sid: "Send",
    actions: ["sqs:SendMessage"],
    resources: queues.map((work) => work.queue.queueArn),
  }),
});

/** May read secrets whose name begins with `plumbline/`; which one is the connection's configuration. */
export const readsSecrets = (stack: Stack): Right => ({
  statement: new PolicyStatement({
    sid: "ReadSecrets",
    actions: ["secretsmanager:GetSecretValue"],
    resources: [
      stack.formatArn({
        service: "secretsmanager",
        resource: "secret",
        resourceName: "plumbline/*",
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
  }),
  wildcard: {
    id: "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:plumbline/*]",
    reason: "Connections are added without a deploy; each names its own secret, all of them below plumbline/.",
  },
});
