/** A row of a vendor's books, as it would print it. */
export type Row = Readonly<Record<string, unknown>>;

/** One write a vendor took, in its own log: what really happened. */
export interface Written {
  readonly connection: string;
  readonly operation: string;
  readonly record: string;
  readonly body: Row;
  /** Fields whose value really changed. */
  readonly changed: readonly string[];
  readonly intent: string | null;
  readonly at: string;
}

/**
 * A vendor's lists that are not whole for a while: `short` ends a page early, under the total it has; `drifts` loses a
 * row between two pages, so that the rest moves up and one is on neither.
 */
export interface Lapse {
  readonly kind: "short" | "drifts";
  /** Readings of a list, from its first page to its last. */
  left: number;
}

/** The books of all vendors of a company, what people and we did to them, and their clocks. */
export class Books {
  readonly rows = new Map<string, Map<string, Row>>();
  readonly log: Written[] = [];
  /** By record and field: who set it last, `person` or an intent. */
  readonly authors = new Map<string, string>();
  /** Records, as stream and id, that the vendor was asked for by id and never had. */
  readonly sought = new Set<string>();
  /** Records, as stream and id, that were removed for good. */
  readonly removed = new Set<string>();
  /** What the vendor tells of by itself since it was last asked for that. */
  readonly events: Row[] = [];
  /** Lists that are yet to be answered short; see `shorten` in vendor-answers.ts. */
  lapse: Lapse | null = null;
  private stamp = 0;
  readonly now: () => string;

  constructor(now: () => string) {
    this.now = now;
  }

  list(stream: string): readonly Row[] {
    return [...(this.rows.get(stream) ?? new Map<string, Row>()).values()];
  }

  get(stream: string, id: string): Row | undefined {
    return this.rows.get(stream)?.get(id);
  }

  /** `record` is a stream and an id with a stroke between them, as `sought` has it. */
  has(record: string): boolean {
    const stroke = record.indexOf("/");
    return this.get(record.slice(0, stroke), record.slice(stroke + 1)) !== undefined;
  }

  /** A row goes without a trace: no modified time, no event, no word of it. */
  remove(stream: string, id: string): void {
    if (this.rows.get(stream)?.delete(id)) this.removed.add(`${stream}/${id}`);
  }

  /** As somebody asks who names it: what was never there is remembered. */
  seek(stream: string, id: string): Row | undefined {
    const row = this.get(stream, id);
    if (!row && !this.removed.has(`${stream}/${id}`)) this.sought.add(`${stream}/${id}`);
    return row;
  }

  /** Somebody changes a row; `quiet` leaves the vendor's modified time as it is. */
  put(stream: string, id: string, change: Row, by: string, quiet = false): void {
    const before = this.get(stream, id) ?? {};
    const stamp = quiet && Object.keys(before).length > 0 ? {} : this.stampOf(stream);
    const rows = this.rows.get(stream) ?? new Map<string, Row>();
    this.rows.set(stream, rows.set(id, { ...before, ...change, ...stamp }));
    for (const field of Object.keys(change)) this.authors.set(`${stream}/${id}/${field}`, by);
    if (stream.startsWith("fleet.")) this.events.push({ ...this.get(stream, id) });
  }

  /** The vendor's clock, ten minutes off for one of them, with digits that ours does not have, and offsets that change. */
  private stampOf(stream: string): Row {
    this.stamp++;
    const skew = stream.startsWith("st.") ? 600_000 : 0;
    const digits = String(this.stamp % 10_000).padStart(4, "0");
    const at = new Date(Date.parse(this.now()) + skew).toISOString();
    if (stream.startsWith("st.")) return { modifiedOn: at.replace("Z", `${digits}Z`) };
    if (stream.startsWith("crews.")) return {};
    const east = this.stamp % 2 === 0;
    const wall = new Date(Date.parse(at) + (east ? 3_600_000 : 0)).toISOString();
    return { updated_at: wall.replace("Z", `${digits}${east ? "+01:00" : "Z"}`) };
  }
}
