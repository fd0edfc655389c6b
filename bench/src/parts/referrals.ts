import { readShape, type Shape } from '../bare/shape.ts';
import {
  type ReferralPlatform,
  SHELTERS,
  startReferralPlatform,
  targetOf,
  untilKnown,
} from '../platform/referral-platform.ts';
import { openShelters } from '../platform/shelters.ts';
import { type Bench, loadHalf, loadSteadyAndFlood, type UnderLoad } from './part.ts';

const SPARE = 1.2;

/** The platform under load. Each load gets shelters of its own that are empty at its start, with one bed for each saga. */
export const referralsUnderLoad = (referralPlatform: ReferralPlatform): UnderLoad => ({
  name: 'platform',
  pids: referralPlatform.pids,
  async targetFor({ sagas }) {
    const beds = Math.ceil((sagas * SPARE) / SHELTERS);
    const shelters = await openShelters(referralPlatform.platform, referralPlatform.places, {
      count: SHELTERS,
      beds,
    });
    await untilKnown(referralPlatform, shelters);
    return { ...targetOf(referralPlatform, shelters), close: () => shelters.close() };
  },
});

/** Request → bed held and offer visible → accept → confirmed, through the public calls. @returns what one such referral writes. */
export async function measureReferrals(bench: Bench): Promise<Shape> {
  const referralPlatform = await startReferralPlatform(bench.servers, bench.printLine);
  try {
    const system = referralsUnderLoad(referralPlatform);
    await loadSteadyAndFlood(bench, system);
    await loadHalf(bench, system);
    return await readShape(referralPlatform);
  } finally {
    await referralPlatform.stop();
  }
}
