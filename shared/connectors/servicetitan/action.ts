import * as z from "#shared/domain/schema.ts";
import type { OperationRow } from "../connector.ts";
import type { VendorClient, VendorRequest } from "../vendor-client.ts";
import { customQuery, debug, paging, sorting } from "./inputs.ts";
import { perform } from "./perform.ts";
import type { Module } from "./settings.ts";

type Shape = Readonly<Record<string, z.ZodMiniType>>;

export type Inputs = Readonly<Record<string, unknown>>;

/** A path and its inputs, or the input that this path would ignore with what is expected instead. */
export type Route = { readonly path: string; readonly input: Inputs } | { readonly refused: string };

/** One operation of the vendor's document, as a row of the table: everything that the executor needs, and nothing else. */
export interface Action {
  /** As printed in the document. */
  readonly key: string;
  readonly about: string;
  readonly method: VendorRequest<never>["method"];
  readonly module: Module;
  /** Below the tenant. Inputs named in braces go there; the rest is the query of a GET, else the JSON body. */
  readonly path: string;
  /** Strict, with the names of the API. */
  readonly input: z.ZodMiniType;
  readonly output: z.ZodMiniType;
  /** Null for what is no list; else the fields it sorts by, none where it has no sort. */
  readonly pages: { readonly sorts: readonly string[]; readonly filters: readonly string[] } | null;
  readonly writes: boolean;
  /** Whether sending it twice does no more than once. */
  readonly repeatable: boolean;
  /** For a write: how to find out whether it happened. */
  readonly happened?: string;
  readonly notifies: NonNullable<OperationRow["notifies"]>;
  readonly money?: boolean;
  /** Inputs that nothing may keep. */
  readonly secrets?: readonly string[];
  /** Where some inputs lead to another path (contacts of one customer, contacts of all), and what is sent there. */
  readonly route?: (input: Inputs) => Route;
}

/** What all rows of the accounting module share: nobody is told; those of `money` move it. */
export const accounting = { module: "accounting", notifies: "none" } as const satisfies Partial<Action>;
export const money = { ...accounting, money: true } as const satisfies Partial<Action>;

/** A row as a typed function: `listJobs(client, { jobStatus: "Completed" })`. */
export interface Call<Input extends z.ZodMiniType, Output extends z.ZodMiniType> {
  (client: VendorClient, input: z.input<Input>): Promise<z.output<Output>>;
  readonly action: Action;
  readonly input: Input;
  readonly output: Output;
  readonly row: OperationRow;
}

/** Makes a row callable. Failure `bad-input` with path and expectation before anything is sent. */
export function callable<Input extends z.ZodMiniType, Output extends z.ZodMiniType>(
  action: Action & { readonly input: Input; readonly output: Output },
): Call<Input, Output> {
  const call = async (client: VendorClient, input: z.input<Input>): Promise<z.output<Output>> =>
    (await perform<Output>(client, action, input)).value;
  return Object.assign(call, {
    action,
    input: action.input,
    output: action.output,
    row: {
      ...rowOf(action),
      run: async (client: VendorClient, input: unknown): Promise<unknown> => {
        const { value, notices, request } = await perform<Output>(client, action, input);
        return notices.length === 0 && request === null ? value : { value, notices, request };
      },
    },
  });
}

/** The part of a row that lists show. */
export function rowOf(action: Action): OperationRow {
  const { key, about, method, module, path, input, writes, repeatable, happened, notifies, money, secrets } = action;
  return {
    key,
    about,
    method,
    path: `/${module}/v2/tenant/{tenant}${path}`,
    input,
    writes,
    repeatable,
    notifies,
    source: "ServiceTitan component, action of that key",
    ...(happened === undefined ? {} : { happened }),
    ...(money === undefined ? {} : { money }),
    ...(secrets === undefined ? {} : { secrets }),
  };
}

const reading = { method: "GET", writes: false, repeatable: true, notifies: "none", pages: null } as const;

/** A read of one record. */
export function get<const In extends Shape, Output extends z.ZodMiniType>(
  where: Pick<Action, "key" | "about" | "module" | "path">,
  input: In,
  output: Output,
) {
  return callable({ ...reading, ...where, input: z.strictObject({ ...input, ...debug }), output });
}

/**
 * A list. `sorts` are the fields the API sorts by; where it has none, `sort` is taken together with `fetchAll` and the
 * rows are sorted here.
 */
export function list<const Filters extends Shape, Output extends z.ZodMiniType>(
  where: Pick<Action, "key" | "about" | "module" | "path" | "route">,
  sorts: readonly string[],
  filters: Filters,
  output: Output,
) {
  const input = z.strictObject({ ...filters, ...paging, ...sorting, ...customQuery, ...debug });
  return callable({ ...reading, ...where, input, output, pages: { sorts, filters: Object.keys(filters) } });
}

/** A write, by POST unless stated otherwise. */
export function write<const In extends Shape, Output extends z.ZodMiniType>(
  where: Pick<Action, "key" | "about" | "module" | "path" | "repeatable" | "notifies" | "happened"> &
    Partial<Pick<Action, "money" | "secrets" | "method">>,
  input: In,
  output: Output,
) {
  return callable({
    method: "POST",
    ...where,
    writes: true,
    pages: null,
    input: z.strictObject({ ...input, ...debug }),
    output,
  });
}

/** Sortable fields of most lists. */
export const usual = ["Id", "ModifiedOn", "CreatedOn"];
/** A good answer without a body; the document prints an empty object. Anything else says nothing of whether it was done. */
export const nothing = z.nullish(z.looseObject({}));
