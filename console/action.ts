/** An intent as the person saw it: `bound` refuses the decision when the plan has changed since (law 8). */
export interface Seen {
  readonly job: string;
  readonly intent: string;
  readonly bound: string;
}

/** What a question is about that stands open on the page and waits for a reason. */
export type Asking = { readonly about: "reject"; readonly seen: Seen } | { readonly about: "stop" };

/** Everything a person can do here. What they typed comes beside it, by field name. */
export type Action =
  | { readonly do: "sign-in" }
  | { readonly do: "sign-out" }
  | { readonly do: "find" }
  | { readonly do: "refresh" }
  | { readonly do: "follow" }
  | { readonly do: "ask"; readonly asking: Asking | null }
  | { readonly do: "approve"; readonly seen: Seen }
  | { readonly do: "reject"; readonly seen: Seen }
  | { readonly do: "stop" }
  | { readonly do: "resume" };

export type Fields = Readonly<Record<string, string>>;
