import { RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { AttributeType, BillingMode, type ITable, ProjectionType, Table } from "aws-cdk-lib/aws-dynamodb";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import * as z from "#shared/domain/schema.ts";
import { table as keys } from "#shared/store/table.ts";

/** The cell's own table, or one that was restored. */
export type TableOfCell = Omit<ITable, "tableStreamArn">;

/** What the rest of a cell needs of its store. */
export interface Store {
  readonly table: TableOfCell;
  readonly archive: Bucket;
  /** How findings of the security check name the archive's ARN in the other stacks. */
  readonly archiveExport: string;
}

/** Everything that cannot be made again: the table and the archive of raw payloads. Kept when the stack is deleted. */
export class DataStack extends Stack implements Store {
  readonly table: TableOfCell;
  readonly archive: Bucket;
  readonly archiveExport: string;

  constructor(scope: Construct, id: string, restoredTable?: string) {
    super(scope, id, { terminationProtection: true, description: "Plumbline: what must never be lost" });
    const string = (name: string) => ({ name, type: AttributeType.STRING });

    const own = new Table(this, "Table", {
      partitionKey: string(keys.partitionKey),
      sortKey: string(keys.sortKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: keys.ttlAttribute,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Keys only: whoever finds an item through an index reads the item itself, and a job's large attribute is not
    // written twice more.
    for (const index of [keys.dueIndex, keys.listIndex]) {
      own.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: string(index.partitionKey),
        sortKey: string(index.sortKey),
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }

    // Exported whoever uses them: what another stack still imports could not be taken away.
    for (const value of [own.tableArn, own.tableName]) this.exportValue(value);
    const globalIndexes = [keys.dueIndex.name, keys.listIndex.name];
    this.table =
      restoredTable === undefined
        ? own
        : Table.fromTableAttributes(this, "RestoredTable", { tableName: restoredTable, globalIndexes });

    this.archive = new Bucket(this, "Archive", {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.archive).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Only this cell's functions read or write the archive; who may is one IAM statement each, and each object is named in a log line.",
    });
    const exported: unknown = this.resolve(this.exportValue(this.archive.bucketArn));
    this.archiveExport = z.parse(z.object({ "Fn::ImportValue": z.string() }), exported)["Fn::ImportValue"];
  }
}
