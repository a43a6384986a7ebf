import { sameJson } from "./ids.ts";

/**
 * What a vendor printed, beside what JSON.parse made of it. Parsing loses 10.50, integers beyond 2^53 and keys said
 * twice; what is kept as evidence is therefore cut out of the answer's own text. Answers are only remembered here, and
 * forgotten with the values read from them: their text is walked when a value of theirs is first asked for.
 */
interface Answered {
  readonly root: unknown;
  readonly text: string;
  texts: ReadonlyMap<object, string> | null;
}

const answers = new WeakMap<object, Answered>();

/** How deep the rows of an answer lie at most: `{data: {jobs: [...]}}`. */
const rowsWithin = 2;

/** Remembers the text of an answer for its rows: the objects on the way to its lists, and the lists' elements. */
export function rememberText(root: unknown, text: string): void {
  remember(root, { root, text, texts: null }, rowsWithin);
}

function remember(value: unknown, answered: Answered, depth: number): void {
  if (!isObject(value)) return;
  if (Array.isArray(value)) {
    for (const row of value.filter(isObject)) answers.set(row, answered);
    return;
  }
  answers.set(value, answered);
  if (depth > 0) for (const member of Object.values(value)) remember(member, answered, depth - 1);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Rows of which a reader keeps some members only, by what it kept of them. */
const whole = new WeakMap<object, object>();

/** Remembers that `kept` is the row less some members, here or in objects of it, so that what is left keeps its text. */
export function rememberKept<Kept extends object>(kept: Kept, row: object): Kept {
  whole.set(kept, row);
  return kept;
}

/** A payload as text, and how true it is to what the vendor sent. */
export interface Printed {
  readonly text: string;
  /**
   * `as-printed`: the vendor's own characters; where a reader put a record together out of several answers, those of each
   * part. `reprinted`: from parsed values. `cut`: the beginning of an answer, without what nobody may read.
   */
  readonly form: "as-printed" | "reprinted" | "cut";
}

/** The value's JSON: the vendor's own text of it, or of its parts, as far as an answer is remembered. */
export function printedOf(value: unknown): Printed {
  const { text, lossy } = print(value);
  return { text, form: lossy ? "reprinted" : "as-printed" };
}

/** `lossy` when a number had to be printed again: of what JSON can say, only that comes out otherwise. */
function print(value: unknown): { readonly text: string; readonly lossy: boolean } {
  if (!isObject(value)) {
    return { text: JSON.stringify(value) ?? "null", lossy: typeof value === "number" };
  }
  const own = ownText(value) ?? keptText(value);
  if (own !== undefined) return { text: own, lossy: false };
  if (Array.isArray(value)) {
    const parts = value.map(print);
    return { text: `[${parts.map(({ text }) => text).join(",")}]`, lossy: parts.some(({ lossy }) => lossy) };
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => ({ name, ...print(member) }));
  return {
    text: `{${members.map(({ name, text }) => `${JSON.stringify(name)}:${text}`).join(",")}}`,
    lossy: members.some(({ lossy }) => lossy),
  };
}

function ownText(value: object): string | undefined {
  const answered = answers.get(value);
  if (!answered) return undefined;
  answered.texts ??= textsIn(answered.text, answered.root, rowsWithin + 1);
  return answered.texts.get(value);
}

function keptText(kept: object): string | undefined {
  const row = whole.get(kept);
  const text = row && ownText(row);
  return text === undefined ? undefined : cut(kept, row, text);
}

/** What is left of a text when only these members of its object are kept. */
function cut(kept: unknown, row: unknown, text: string): string {
  if (!isObject(kept) || !isObject(row) || sameJson(kept, row)) return text;
  const texts = new Map<string, string>();
  new Walk(text, new Map()).eachMember((name, own) => texts.set(name, own));
  const members = Object.entries(kept).map(([name, member]: [string, unknown]) => {
    return `${JSON.stringify(name)}:${cut(member, Reflect.get(row, name), texts.get(name) ?? "null")}`;
  });
  return `{${members.join(",")}}`;
}

/** The text of each object of a parsed document, down to `depth` levels. `text` must be what `root` was parsed from. */
export function textsIn(text: string, root: unknown, depth: number): ReadonlyMap<object, string> {
  const found = new Map<object, string>();
  new Walk(text, found).value(root, depth);
  return found;
}

/** Goes through valid JSON beside the value parsed from it. */
class Walk {
  readonly #text: string;
  readonly #found: Map<object, string>;
  #at = 0;

  constructor(text: string, found: Map<object, string>) {
    this.#text = text;
    this.#found = found;
  }

  /** The members of the object that the text is, in their order. */
  eachMember(tell: (name: string, text: string) => void): void {
    this.#members({}, 0, tell);
  }

  value(parsed: unknown, depth: number): void {
    this.#space();
    const start = this.#at;
    const first = this.#text[start];
    if (first === '"') this.#string();
    else if (first !== "{" && first !== "[") this.#plain();
    else if (depth < 1 || !isObject(parsed)) this.#skip();
    else if (first === "[") this.#list(parsed, depth - 1);
    else this.#members(parsed, depth - 1);
    // Of a key said twice the last one counts, as it does for JSON.parse: it comes last and replaces the first.
    if (isObject(parsed)) this.#found.set(parsed, this.#text.slice(start, this.#at));
  }

  #list(parsed: object, depth: number): void {
    this.#at++;
    for (let index = 0; !this.#closes("]"); index++) {
      this.value(Array.isArray(parsed) ? parsed[index] : undefined, depth);
      this.#comma();
    }
  }

  #members(parsed: object, depth: number, tell?: (name: string, text: string) => void): void {
    this.#at++;
    while (!this.#closes("}")) {
      const name = String(JSON.parse(this.#string()));
      this.#space();
      this.#at++;
      this.#space();
      const start = this.#at;
      this.value(Object.hasOwn(parsed, name) ? Reflect.get(parsed, name) : undefined, depth);
      tell?.(name, this.#text.slice(start, this.#at));
      this.#comma();
    }
  }

  #closes(bracket: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== bracket) return false;
    this.#at++;
    return true;
  }

  #comma(): void {
    this.#space();
    if (this.#text[this.#at] === ",") this.#at++;
  }

  #space(): void {
    while (this.#text.charCodeAt(this.#at) <= 32) this.#at++;
  }

  #string(): string {
    const start = this.#at;
    for (let end = start; ; ) {
      end = this.#text.indexOf('"', end + 1);
      let slashes = 0;
      while (this.#text[end - 1 - slashes] === "\\") slashes++;
      if (slashes % 2 === 1) continue;
      this.#at = end + 1;
      return this.#text.slice(start, this.#at);
    }
  }

  #plain(): void {
    while (/[^\s,\]}]/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  /** Past an object or a list, however deep it is. */
  #skip(): void {
    for (let open = 0; ; ) {
      const next = this.#text[this.#at];
      if (next === '"') {
        this.#string();
        continue;
      }
      if (next === "{" || next === "[") open++;
      if (next === "}" || next === "]") open--;
      this.#at++;
      if (open === 0) return;
    }
  }
}
