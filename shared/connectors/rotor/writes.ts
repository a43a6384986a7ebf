import type { Connector } from "../connector.ts";

/** None: Rotor's reference has no call that changes a job, a payment or an invoice. */
export const writers: Connector["writers"] = {};
