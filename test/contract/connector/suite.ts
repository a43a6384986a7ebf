import { answersAreTold } from "./answers.ts";
import type { VendorCase } from "./case.ts";
import { operationsAreDocumented } from "./operations.ts";
import { pagesHold } from "./paging.ts";
import { webhooksAreSigned } from "./signatures.ts";
import { valuesAreExact } from "./values.ts";
import { wordsAreKept } from "./words.ts";
import { writesAreHarmless } from "./writing.ts";

/** What every connector must pass, and a new one with it: see docs/adding-a-vendor.md. */
export function keepsTheContract(subject: VendorCase): void {
  wordsAreKept(subject);
  valuesAreExact(subject);
  answersAreTold(subject);
  pagesHold(subject);
  writesAreHarmless(subject);
  webhooksAreSigned(subject);
  operationsAreDocumented(subject);
}
