import { startBare } from '../bare/bare.ts';
import { startSetBased } from '../bare/set-based/start.ts';
import { readShape, type Shape, weightOf } from '../bare/shape.ts';
import { startReferralPlatform } from '../road/referral-platform.ts';
import { type Bench, firstLoad, loadSteadyAndFlood } from './part.ts';
import { referralsUnderLoad } from './referrals.ts';

/** What the same machine does without rules and gRPC, row for row, and what it does with as few statements as can be. */
export async function measureBare(bench: Bench, shape: Shape): Promise<void> {
  const { events, messages, bytes } = weightOf(shape);
  bench.printLine(
    `One referral of the road: ${events} events and ${messages} messages in its journals, ${bytes} bytes.`,
  );
  const bare = await startBare(bench.servers, shape);
  try {
    await loadSteadyAndFlood(bench, {
      name: 'bare',
      pids: bare.pids,
      targetFor: async () => bare.target,
    });
  } finally {
    await bare.stop();
  }
  const set = await startSetBased(bench.servers);
  try {
    await loadSteadyAndFlood(bench, {
      name: 'set-based',
      pids: set.pids,
      targetFor: async () => set.target,
    });
  } finally {
    await set.stop();
  }
}

/** Where the road itself is not measured, one short load shows what it writes. */
export async function shapeOfShortRun(bench: Bench): Promise<Shape> {
  const referralPlatform = await startReferralPlatform(bench.servers, bench.printLine);
  try {
    await firstLoad(bench, referralsUnderLoad(referralPlatform));
    return await readShape(referralPlatform);
  } finally {
    await referralPlatform.stop();
  }
}
