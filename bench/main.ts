import { decodeFigures } from "./decode.ts";
import { linkingFigures } from "./linking.ts";
import { reconcileFigures } from "./reconcile.ts";
import { requestFigures } from "./requests.ts";
import { type Figure, lines, missed } from "./table.ts";

/** What a run costs, each figure with its floor beside it. Exit code 1 when a figure misses its target. */
const parts: readonly (readonly [string, () => Promise<readonly Figure[]> | readonly Figure[]])[] = [
  ["A decoded page against JSON.parse of the same text", decodeFigures],
  ["One job reconciled", reconcileFigures],
  ["Requests of one sync, counted at the simulators", requestFigures],
  ["Links between systems that share no number", linkingFigures],
];

let over = 0;
for (const [title, measure] of parts) {
  const figures = await measure();
  process.stdout.write(`${lines(title, figures).join("\n")}\n`);
  over += missed(figures).length;
}
if (over > 0) process.stdout.write(`${over} above target\n`);
process.exitCode = over > 0 ? 1 : 0;
