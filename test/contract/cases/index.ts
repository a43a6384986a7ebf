import type { VendorCase } from "../connector/case.ts";
import { customtrades } from "./customtrades.ts";
import { fleetio } from "./fleetio.ts";
import { rotor } from "./rotor.ts";
import { servicetitan } from "./servicetitan.ts";

/** One case for every vendor of the registry. */
export const cases: readonly VendorCase[] = [servicetitan, rotor, fleetio, customtrades];
