import type * as z from "#shared/domain/schema.ts";
import { type Api, Declined } from "#shared/replies/api.ts";
import { gathered, type UnattachedCustomer } from "#shared/replies/unattached.ts";
import type { Action, Fields } from "./action.ts";
import { ask, calls } from "./calls.ts";
import type { Place } from "./place.ts";
import { type Session, sessionOf } from "./session.ts";
import { nothingKnown, type State } from "./state.ts";

/** What the desk needs of the place it runs in. */
export interface DeskParts {
  apiOf(session: Session): Api;
  /** Everything that is shown follows from the state. */
  show(state: State): void;
  /** Moves the address; the place comes back through `arrive`. */
  go(place: Place): void;
  /** Keeps the token for as long as the tab lives; null forgets it. */
  keep(token: string | null): void;
}

export interface Desk {
  act(action: Action, fields?: Fields): Promise<void>;
  /** The address says that the person is here now. */
  arrive(place: Place): Promise<void>;
  signIn(token: string): Promise<void>;
}

/** Takes what a person does, asks the API, and shows what follows. Whatever fails is said on the page. */
export function openDesk(parts: DeskParts, start: State = nothingKnown): Desk {
  let state = start;
  const become = (more: Partial<State>): void => {
    state = { ...state, ...more };
    parts.show(state);
  };
  const leave = (text: string | null): void => {
    parts.keep(null);
    become({ ...nothingKnown, place: state.place, said: text === null ? null : { good: false, text } });
  };
  /** Runs with the API of whoever is signed in; what it answers is only taken while they still are. */
  const working = async (run: (api: Api) => Promise<Partial<State>>): Promise<void> => {
    const { session } = state;
    if (session === null) return;
    become({ working: true });
    try {
      const more = await run(parts.apiOf(session));
      if (state.session === session) become({ ...more, working: false });
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      if (state.session !== session) return;
      if (cause instanceof Declined && cause.status === 401) leave("The token does not hold any more. Sign in again.");
      else become({ working: false, said: { good: false, text: cause.message } });
    }
  };
  /** The board stands over every section, so it is asked for with each. */
  const load = (said: State["said"] = null): Promise<void> =>
    working(async (api) => {
      const { place } = state;
      const [board, section] = await Promise.all([ask(api, calls.status), sectionOf(api, place)]);
      return { board, ...(state.place === place ? section : {}), said };
    });
  /** A decision, what came of it in words, and everything as it stands after it. */
  const decide = async (run: (api: Api) => Promise<NonNullable<State["said"]>>): Promise<void> => {
    let came: State["said"] = null;
    await working(async (api) => {
      came = await run(api);
      return { asking: null };
    });
    // Also when it was refused: then the plan is not what the person saw.
    if (state.session !== null) await load(came ?? state.said);
  };
  const signIn = async (token: string): Promise<void> => {
    const session = sessionOf(token);
    if (session === null) {
      const text = "That is no operator's token: it needs the claims sub, company and role.";
      return become({ said: { good: false, text } });
    }
    parts.keep(session.token);
    become({ ...nothingKnown, session, place: state.place });
    await load();
  };
  return {
    signIn,
    arrive: async (place) => {
      become({ place, jobs: null, asking: null, said: null });
      await load();
    },
    act: async (action, fields = {}) => {
      switch (action.do) {
        case "sign-in":
          return signIn(fields["token"] ?? "");
        case "sign-out":
          return leave(null);
        case "find": {
          const name = (fields["name"] ?? "").trim();
          return name === "" ? undefined : parts.go({ at: "job", name });
        }
        case "refresh":
          return load();
        case "follow":
          return become({ follow: !state.follow });
        case "ask":
          return become({ asking: action.asking, said: null });
        case "approve":
          return decide(async (api) => resultOf(await ask(api, calls.approve, { intents: [action.seen] }), "Approved"));
        case "reject": {
          const rejected = { intents: [action.seen], why: (fields["why"] ?? "").trim() };
          return decide(async (api) => resultOf(await ask(api, calls.reject, rejected), "Rejected"));
        }
        case "stop":
          return decide(async (api) => switchOf(await ask(api, calls.stop, { why: (fields["why"] ?? "").trim() })));
        case "resume":
          return decide(async (api) => switchOf(await ask(api, calls.resume)));
      }
    },
  };
}

async function sectionOf(api: Api, place: Place): Promise<Partial<State>> {
  switch (place.at) {
    case "money":
      return {};
    case "waiting":
      return { plan: await ask(api, calls.plan) };
    case "breaks":
      return { breaks: (await ask(api, calls.breaks)).breaks };
    case "unattached":
      return { unattached: await unattachedOf(api) };
    case "written":
      return { receipts: (await ask(api, calls.receipts)).receipts };
    case "feeds":
      return { feeds: await ask(api, calls.feeds) };
    case "job":
      return { jobs: (await ask(api, calls.job, { name: place.name })).jobs };
  }
}

/** Pages of a hundred records each: what a person looks through. The terminal lists them all. */
const mostPages = 5;

async function unattachedOf(api: Api): Promise<NonNullable<State["unattached"]>> {
  const pages: (readonly UnattachedCustomer[])[] = [];
  let next: string | null = null;
  do {
    const page: z.output<typeof calls.unattached.reply> = await ask(
      api,
      calls.unattached,
      next === null ? {} : { next },
    );
    pages.push(page.customers);
    next = page.next;
  } while (next !== null && pages.length < mostPages);
  return { customers: gathered(pages), more: next !== null };
}

interface Results {
  readonly results: readonly {
    readonly intent: string;
    readonly decided: boolean;
    readonly sentence?: string | undefined;
    readonly why?: string | undefined;
  }[];
}

function resultOf({ results }: Results, done: string): NonNullable<State["said"]> {
  const lines = results.map((one) =>
    one.decided ? `${done}: ${one.sentence ?? one.intent}` : `Refused: ${one.why ?? one.intent}`,
  );
  return { good: results.every(({ decided }) => decided), text: lines.join(" ") };
}

function switchOf(now: { readonly stopped: boolean }): NonNullable<State["said"]> {
  // That they are stopped, and why, stands over every section already.
  return { good: true, text: now.stopped ? "At most the writes in flight still land." : "Writes go again." };
}
