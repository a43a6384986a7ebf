import { callStanding, deskOf } from "#shared/pipeline/desk.ts";
import { type Asked, connectionAsked, type Desk, Refused } from "./request.ts";

/** Where a call that writes stands. Refused 400 without its connection, 404 for one the desk does not know. */
export async function callState({ company, ports }: Desk, asked: Asked): Promise<object> {
  const connection = connectionAsked(asked, company);
  const intent = asked.query["intent"] ?? "";
  if (connection === null) throw new Refused(400, "connection: expected the connection of the call");
  const { state } = await ports.jobs.load(deskOf(connection));
  const standing = callStanding(state, intent);
  if (!standing) throw new Refused(404, `no call ${intent} stands on the desk of ${connection}`);
  return { connection, intent, ...standing };
}
