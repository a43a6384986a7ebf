import * as z from "#shared/domain/schema.ts";

/** The HTTP API of one company, as one person. */
export interface Api {
  readonly company: string;
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
}

/** The API answered, and said no: its own words, and its whole answer for `--json`. */
export class Declined extends Error {
  override readonly name = "Declined";
  readonly status: number;
  readonly reply: unknown;

  constructor(status: number, reply: unknown, message: string) {
    super(message);
    this.status = status;
    this.reply = reply;
  }
}

const errorSchema = z.looseObject({ error: z.optional(z.string()), message: z.optional(z.string()) });

/** Throws Declined on a status of 400 or more, and a plain Error where nobody answers or the answer is not JSON. */
export function apiOf(at: { readonly url: string; readonly token: string; readonly company: string }): Api {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const url = `${at.url.replace(/\/$/, "")}/companies/${encodeURIComponent(at.company)}/${path}`;
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${at.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Error(`nobody answers at ${at.url}: is the stack running?`, { cause });
    });
    const reply = parsed(await response.text(), url);
    if (response.ok) return reply;
    const said = z.safeParse(errorSchema, reply);
    const words = said.success ? (said.data.error ?? said.data.message) : undefined;
    throw new Declined(response.status, reply, `${response.status}: ${words ?? "the API gave no reason"}`);
  };
  return { company: at.company, get: (path) => call("GET", path), post: (path, body) => call("POST", path, body) };
}

function parsed(text: string, url: string): unknown {
  try {
    const reply: unknown = JSON.parse(text);
    return reply;
  } catch (cause) {
    throw new Error(`${url} answers no JSON: ${text.slice(0, 200)}`, { cause });
  }
}
