// The one door through which the project takes zod: the small build (see docs/decisions-ground.md). Take it as a namespace,
// `import * as z from "#shared/domain/schema.ts"`: taken as a name, nothing of it could be left out of a bundle.
export * from "zod/mini";
export * as z from "./schema.ts";
export { looseObject, object, strictObject } from "./schema-object.ts";
