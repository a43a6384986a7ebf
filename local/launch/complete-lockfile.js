// After an `npm install` against a registry that does not carry every platform's build of a tool, package-lock.json
// lacks them and `npm ci` refuses it. This writes them in: version from the package that asks for them, platform from
// their name. npm fetches such a package only on its own platform.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pinned-node.js";

const systems = ["android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32", "aix"];
const processors = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

const path = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));
const added = [];
for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const place = `node_modules/${name}`;
    if (lock.packages[place] !== undefined || !/^\d/.test(version)) continue;
    lock.packages[place] = { version, ...inOrder({ ...platformOf(name), ...(dev ? { dev } : {}), optional: true }) };
    added.push(`${name}@${version}`);
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
process.stdout.write(`${added.length} added${added.map((line) => `\n  ${line}`).join("")}\n`);

/** As npm writes it: by name, so that its next install changes nothing. */
function inOrder(fields) {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => a.localeCompare(b, "en")));
}

/** The os, cpu and libc that a platform package's name says, as its own package.json would. */
function platformOf(name) {
  const words = name.split("/").at(-1).split(/[-.]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined && cpu === undefined) throw new Error(`${name}: no platform in its name; add it by hand`);
  const libc = os === "linux" ? (words.includes("musl") || words.includes("musleabihf") ? "musl" : "glibc") : undefined;
  return {
    ...(os ? { os: [os] } : {}),
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(libc ? { libc: [libc] } : {}),
  };
}
