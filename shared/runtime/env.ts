import * as z from "#shared/domain/schema.ts";

/** A JSON object of queue URLs by vendor, as the template passes it in one variable. */
export const queuesByVendor = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string, context): unknown => {
      try {
        return JSON.parse(text);
      } catch (cause) {
        context.issues.push({
          code: "custom",
          input: text,
          message: `expected a JSON object of queue URLs: ${String(cause)}`,
        });
        return z.NEVER;
      }
    }),
  ),
  z.record(z.string(), z.string()),
);

/**
 * Parses a function's environment once, at cold start, and names every missing or wrong variable together.
 * This is the only place that reads process.env.
 */
export function readEnv<Schema extends z.ZodMiniType>(schema: Schema): z.infer<Schema> {
  const result = z.safeParse(schema, process.env);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`environment: ${lines.join("; ")}`);
}

/** Present on one machine only: where the clock service answers. Deployed functions read the system clock. */
export const clockEnv = { PLUMBLINE_CLOCK_URL: z.optional(z.string()) };
