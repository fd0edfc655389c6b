import { startBare } from '../bare/bare.ts';
import { startSetBased } from '../bare/set-based/start.ts';
import { readShape, type Shape, weightOf } from '../bare/shape.ts';
import { startReferralPlatform } from '../platform/referral-platform.ts';
import { type Bench, firstLoad, loadHalf, loadSteadyAndFlood, type UnderLoad } from './part.ts';
import { referralsUnderLoad } from './referrals.ts';

/** Measures the same machine without rules and gRPC: first row for row, then with as few statements as possible. */
export async function measureBare(bench: Bench, shape: Shape): Promise<void> {
  const { events, messages, bytes } = weightOf(shape);
  bench.printLine(
    `One referral of the platform: ${events} events and ${messages} messages in its journals, ${bytes} bytes.`,
  );
  const bare = await startBare(bench.servers, shape);
  try {
    const system: UnderLoad = {
      name: 'bare',
      pids: bare.pids,
      targetFor: async () => bare.target,
    };
    await loadSteadyAndFlood(bench, system);
    await loadHalf(bench, system);
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

/** When the referral part is not measured, one short load shows what a referral writes. */
export async function shapeOfShortRun(bench: Bench): Promise<Shape> {
  const referralPlatform = await startReferralPlatform(bench.servers, bench.printLine);
  try {
    await firstLoad(bench, referralsUnderLoad(referralPlatform));
    return await readShape(referralPlatform);
  } finally {
    await referralPlatform.stop();
  }
}
