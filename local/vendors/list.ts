import { vendor as customtrades } from "./customtrades/vendor.ts";
import { vendor as fleetio } from "./fleetio/vendor.ts";
import type { Vendor } from "./kit/vendor.ts";
import { vendor as rotor } from "./rotor/vendor.ts";
import { vendor as servicetitan } from "./servicetitan/vendor.ts";

/** Every simulated vendor; `start.ts` opens those that are asked for. */
export const vendors: Vendor[] = [servicetitan, rotor, fleetio, customtrades];
