import type { Json } from "../kit/json.ts";
import { Refusal, type Reply } from "../kit/vendor.ts";

/** Error bodies are `{success: false, error}`; the words of the errors are assumed, their numbers documented. */
export function failed(status: number, error: string): Reply {
  return { status, body: { success: false, error } };
}

export function succeeded(data: Json): Reply {
  return { status: 200, body: { success: true, data } };
}

/** Refuses the request as a validation error (400). */
export function invalid(error: string): never {
  throw new Refusal(failed(400, error));
}
