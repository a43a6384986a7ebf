import type { AddressInfo } from "node:net";
import { createVendorServer } from "./kit/server.ts";
import { openSimulator, type Simulator } from "./kit/simulator.ts";
import { pump } from "./kit/timeline.ts";
import type { Vendor } from "./kit/vendor.ts";
import { vendors as known } from "./list.ts";

export type StartOptions = {
  /** Folder of the logs; an old one is replayed. */
  dataDir: string;
  /** Ids of the vendors to start; all when left out. */
  vendors?: string[];
  /** Ids made by a new world depend on it. Default 1. */
  seed?: number;
  /** The first vendor listens here, the next one port higher; 0 takes free ports. */
  portBase?: number;
  /** Other declarations than those of `list.ts`. */
  declared?: Vendor[];
};

export type Started = { urls: Record<string, string>; close(): Promise<void> };

/** Starts the vendors in this process on 127.0.0.1. Throws on an unknown vendor id. */
export async function startVendors(options: StartOptions): Promise<Started> {
  const declared = options.declared ?? known;
  const wanted = options.vendors ?? declared.map((vendor) => vendor.id);
  const urls: Record<string, string> = {};
  const closers: (() => Promise<void>)[] = [];
  for (const [at, id] of wanted.entries()) {
    const vendor = declared.find((candidate) => candidate.id === id);
    if (!vendor) throw new Error(`no vendor ${id}; there are ${declared.map((candidate) => candidate.id).join(", ")}`);
    const sim = openSimulator(vendor, options.dataDir, options.seed ?? 1);
    const started = await listen(sim, options.portBase ? options.portBase + at : 0);
    urls[id] = started.url;
    closers.push(started.close);
  }
  return {
    urls,
    close: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
}

async function listen(sim: Simulator, port: number): Promise<{ url: string; close(): Promise<void> }> {
  const server = createVendorServer(sim);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  pump(sim);
  const address = server.address();
  if (!isPort(address)) throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      sim.closed = true;
      clearTimeout(sim.timer);
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await ended;
      await sim.turn;
    },
  };
}

function isPort(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
