import type { buildApp } from "fauxqs";

/** The stores of fauxqs, which hold its queues: made here, so that they can be looked into from this process. */
export type QueueStores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>["stores"]>;

/** fauxqs takes stores from outside but exports no class to make them with: the classes lie beside its entry. */
export async function newQueueStores(): Promise<QueueStores> {
  return {
    sqsStore: await made<QueueStores["sqsStore"]>("sqs/sqsStore.js", "SqsStore"),
    snsStore: await made<QueueStores["snsStore"]>("sns/snsStore.js", "SnsStore"),
    s3Store: await made<QueueStores["s3Store"]>("s3/s3Store.js", "S3Store"),
  };
}

async function made<Store>(file: string, name: string): Promise<Store> {
  const module: unknown = await import(new URL(file, import.meta.resolve("fauxqs")).href);
  const exported: unknown = typeof module === "object" && module !== null ? Reflect.get(module, name) : undefined;
  if (!isClass<Store>(exported)) throw new Error(`fauxqs has no ${name} in ${file}: is it the locked version?`);
  return new exported();
}

function isClass<Store>(value: unknown): value is new () => Store {
  return typeof value === "function";
}
