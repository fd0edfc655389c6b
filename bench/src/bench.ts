/**
 * `npm run bench`: how fast this is, beside the limits of the same machine and beside others, in one run. Prints a table, writes
 * `bench/results`. Ends by itself and leaves nothing running.
 */
import { type BenchGround, startGround } from './ground.ts';
import { readOptions } from './options.ts';
import { measureBare, shapeOfAShortRoad } from './parts/bare.ts';
import type { Bench } from './parts/part.ts';
import { measurePeers } from './parts/peers.ts';
import { measureRoad } from './parts/road.ts';
import { Findings } from './report/findings.ts';

const began = Date.now();
const say = (line: string): void =>
  void process.stdout.write(`[${String(Math.round((Date.now() - began) / 1_000)).padStart(4)} s] ${line}\n`);
const options = readOptions(process.argv.slice(2));
const findings = new Findings();
const ground: BenchGround = await startGround(say);
const bench: Bench = { options, ground, findings, say };
try {
  const shape = options.only.includes('road') ? await measureRoad(bench) : undefined;
  if (options.only.includes('bare')) await measureBare(bench, shape ?? (await shapeOfAShortRoad(bench)));
  if (options.only.includes('peers')) await measurePeers(bench);
} finally {
  await ground.stop();
}
console.log(
  JSON.stringify(
    {
      loads: findings.loads.map(({ offered, confirmed, ...one }) => ({
        ...one,
        offered: { ...offered, curve: [] },
        confirmed: { ...confirmed, curve: [] },
      })),
      notes: findings.notes,
    },
    null,
    1,
  ),
);
process.exit(0);
