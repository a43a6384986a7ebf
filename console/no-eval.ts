import * as z from "#shared/domain/schema.ts";

// The page's content policy allows no code made from text. Said before any schema is made, zod does not even try.
z.config({ jitless: true });
