import { pageOfEntries } from "#shared/connectors/fleetio/schemas.ts";
import { jobSchema, listSchema } from "#shared/connectors/rotor/schemas.ts";
import * as z from "#shared/domain/schema.ts";
import { fleetioPage, rotorPage } from "./pages.ts";
import type { Figure } from "./table.ts";

const TARGET = 1.3;
const ROUNDS = 600;

/**
 * A page decoded, that is parsed and checked record by record, against JSON.parse of the same text; warm. Of many rounds
 * the fastest counts, since other processes can only slow one down; each is one page, short enough to be left alone.
 */
export function decodeFigures(): readonly Figure[] {
  const rotor = z.extend(listSchema, { data: z.array(jobSchema) });
  return [
    figure("Rotor serviced jobs, 1000 records", rotorPage(1000), (page) => z.parse(rotor, page)),
    figure("Fleetio service entries, 100 records", fleetioPage(100), (page) => z.parse(pageOfEntries, page)),
  ];
}

function figure(what: string, text: string, check: (page: unknown) => unknown): Figure {
  const parse = (): unknown => JSON.parse(text);
  const decode = () => check(JSON.parse(text));
  for (let round = 0; round < 300; round += 1) {
    parse();
    decode();
  }
  // Taken in turns, so that a slower minute of the machine slows both.
  const parsed: number[] = [];
  const decoded: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    parsed.push(millis(parse));
    decoded.push(millis(decode));
  }
  return { what, measured: Math.min(...decoded), floor: Math.min(...parsed), unit: "ms", target: TARGET };
}

function millis(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
