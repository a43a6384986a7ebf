import * as mini from "zod/mini";
import * as core from "zod/v4/core";
import { type Fits, objectFits } from "./schema-fits.ts";

const parsesCompiled: core.$constructor<core.$ZodObject> = core.$ZodObjectJIT;
const isSmall: core.$constructor<mini.ZodMiniType> = mini.ZodMiniType;

/**
 * An object schema of the small build, made fast in two ways: a loose object whose members all fit as they are is given
 * back as it is, without a copy (JSON that a vendor printed is nobody else's); what is left goes through the compiled
 * parser of zod's core. A page of a thousand records is checked in little more than the time of JSON.parse alone, where
 * the small build's own object takes twice that; it costs 4 KiB of bundle.
 */
const CompiledObject: core.$constructor<mini.ZodMiniObject> = core.$constructor("ZodMiniObject", (inst, def) => {
  parsesCompiled.init(inst, def);
  isSmall.init(inst, def);
  Object.defineProperty(inst, "shape", { get: () => inst._zod.def.shape, configurable: true });
  const parse = inst._zod.parse;
  // Made at the first parse: shapes may name schemas that are not there yet.
  let fits: Fits | null | undefined;
  inst._zod.parse = (payload, ctx) => {
    if (fits === undefined) fits = objectFits({ ...inst._zod.def });
    return fits?.(payload.value) === true ? payload : parse(payload, ctx);
  };
});

/** The same schema on the compiled parser. Its type says the same, and so does everything made from it (extend, pick, check). */
function compiled<Schema extends mini.ZodMiniObject>(schema: Schema): Schema {
  // The constructor gives what its definition says: here, the definition of this very schema.
  return new CompiledObject(schema._zod.def) as Schema;
}

/** As in zod/mini. */
export const object: typeof mini.object = (shape, params) => compiled(mini.object(shape, params));
/** As in zod/mini. */
export const strictObject: typeof mini.strictObject = (shape, params) => compiled(mini.strictObject(shape, params));
/** As in zod/mini. */
export const looseObject: typeof mini.looseObject = (shape, params) => compiled(mini.looseObject(shape, params));
