import { startBare } from '../bare/bare.ts';
import { startSetBased } from '../bare/set-based/start.ts';
import { readShape, type Shape, weightOf } from '../bare/shape.ts';
import { startRoad } from '../road/road.ts';
import { type Bench, firstLoad, loadTwice } from './part.ts';
import { roadUnderLoad } from './road.ts';

/** What the same machine does without rules and gRPC, row for row, and what it does with as few statements as can be. */
export async function measureBare(bench: Bench, shape: Shape): Promise<void> {
  const { events, messages, bytes } = weightOf(shape);
  bench.say(`One referral of the road: ${events} events and ${messages} messages in its journals, ${bytes} bytes.`);
  const bare = await startBare(bench.ground, shape);
  try {
    await loadTwice(bench, { name: 'bare', pids: bare.pids, targetFor: async () => bare.target });
  } finally {
    await bare.stop();
  }
  const set = await startSetBased(bench.ground);
  try {
    await loadTwice(bench, { name: 'set-based', pids: set.pids, targetFor: async () => set.target });
  } finally {
    await set.stop();
  }
}

/** Where the road itself is not measured, one short load shows what it writes. */
export async function shapeOfAShortRoad(bench: Bench): Promise<Shape> {
  const road = await startRoad(bench.ground, bench.say);
  try {
    await firstLoad(bench, roadUnderLoad(road));
    return await readShape(road);
  } finally {
    await road.stop();
  }
}
