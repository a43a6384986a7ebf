import { Failure } from "#shared/domain/failure.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { type CompanyConfig, connectionOf } from "#shared/domain/policy.ts";
import type { WroteBack } from "./attempt-edits.ts";
import { type CallPorts, callWay } from "./call-out.ts";
import { updateDesk } from "./desk.ts";
import { isAgreed } from "./may-go.ts";
import type { StoredJob } from "./ports.ts";
import type { Given } from "./withheld.ts";
import { begin } from "./write-guards.ts";

/**
 * Sends a call that withholds something, now and from memory, while the person who gave it waits: the switch, the
 * budget, the attempt before the request and the look after it are those of every write. Nothing is sent that still
 * waits for approval.
 */
export async function sendWithSecrets(
  ports: CallPorts,
  company: CompanyConfig,
  stored: StoredJob,
  intent: Intent,
  given: Given,
): Promise<WroteBack> {
  const connection = connectionOf(company, intent.record.connection);
  if (!connection) throw new Failure("bad-input", `no connection ${intent.record.connection} is configured`);
  if (!isAgreed(intent)) return { done: "waits" };
  const job = { stored, intent, connection };
  const way = callWay(ports, company, job, given);
  return begin(
    ports,
    job,
    async (edit) => updateDesk(ports.jobs, stored.state.id, await ports.clock.now(), edit),
    () => way.send(),
  );
}
