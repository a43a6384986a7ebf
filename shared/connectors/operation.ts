import type * as z from "#shared/domain/schema.ts";
import type { LookOf, OperationRow } from "./connector.ts";
import { checkedInput } from "./problems.ts";
import { pathText, placesOf } from "./query.ts";
import type { VendorClient, VendorRequest } from "./vendor-client.ts";

/** One documented operation as data. Inputs named in the path go there; the rest is the query of a GET, else the JSON body. */
export interface OperationSpec<Input extends z.ZodMiniType, Output extends z.ZodMiniType>
  extends Omit<OperationRow, "input" | "run" | "method"> {
  readonly method: VendorRequest<Output>["method"];
  readonly about: string;
  readonly input: Input;
  readonly output: Output;
  /** How an input is printed in the query where String() is not what the vendor reads. */
  readonly print?: Readonly<Record<string, (value: unknown) => string>>;
}

/** A documented operation as a typed function; `row` is how it is listed and called from a terminal. */
export interface Operation<Input extends z.ZodMiniType, Output extends z.ZodMiniType> {
  (client: VendorClient, input: z.input<Input>): Promise<z.output<Output>>;
  readonly row: OperationRow;
  readonly input: Input;
}

/** Throws Failure `bad-input` before anything is sent when the input does not fit. */
export function operation<Input extends z.ZodMiniType, Output extends z.ZodMiniType>(
  spec: OperationSpec<Input, Output>,
): Operation<Input, Output> {
  const { output: _output, print: _print, ...row } = spec;
  const run = async (client: VendorClient, input: unknown): Promise<z.output<Output>> => {
    const reply = await client.request(requestOf(spec, checkedInput(spec.key, spec.input, input)));
    return reply.value;
  };
  const call = (client: VendorClient, input: z.input<Input>): Promise<z.output<Output>> => run(client, input);
  return Object.assign(call, { row: { ...row, run }, input: spec.input });
}

/** Rows of operations, each write with how it is found again. */
export function rowsOf(
  operations: readonly { readonly row: OperationRow }[],
  looks: Readonly<Record<string, LookOf>>,
): readonly OperationRow[] {
  return operations.map(({ row }) => {
    const look = looks[row.key];
    return look === undefined ? row : { ...row, look };
  });
}

function requestOf<Input extends z.ZodMiniType, Output extends z.ZodMiniType>(
  spec: OperationSpec<Input, Output>,
  input: unknown,
): VendorRequest<Output> {
  const given = Object.entries(typeof input === "object" && input !== null ? input : {});
  const places = placesOf(spec.path);
  const rest = given.filter(([name, value]) => !places.includes(name) && value !== undefined);
  const query = Object.fromEntries(
    rest.map(([name, value]) => [name, spec.print?.[name]?.(value) ?? String(value)] as const),
  );
  return {
    operation: spec.key,
    method: spec.method,
    path: pathText(spec.path, Object.fromEntries(given)),
    ...(spec.method === "GET"
      ? { query }
      : rest.length > 0 || spec.method !== "DELETE"
        ? { json: Object.fromEntries(rest) }
        : {}),
    schema: spec.output,
    writes: spec.writes,
  };
}
