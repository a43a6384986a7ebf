/** The one door through which the project takes zod: the small build, as a namespace (see docs/decisions.md). */
export * as z from "zod/mini";
