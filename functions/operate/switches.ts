import * as z from "#shared/domain/schema.ts";
import { type Asked, bodyOf, type Desk } from "./request.ts";

const whySchema = z.strictObject({ why: z.string().check(z.minLength(1, "expected a reason")) });

/** Stops all writes of the company: after this answer at most the requests in flight land (law 13). */
export async function stop({ ports }: Desk, asked: Asked): Promise<object> {
  const { why } = bodyOf(asked, whySchema);
  await ports.control.stop(asked.person.sub, why);
  return ports.control.state();
}

/** Lets writes go again; each checks all its preconditions anew. The switch of all may still stop them: the answer says so. */
export async function resume({ ports }: Desk, asked: Asked): Promise<object> {
  await ports.control.resume(asked.person.sub);
  return ports.control.state();
}
