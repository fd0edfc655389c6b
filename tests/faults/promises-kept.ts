import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import { allMessagesConsumed } from '../journeys/state.ts';
import type { World } from '../journeys/world.ts';

/** Runs last: checks the platform after all other faults. */
export function promisesKept(world: () => World): void {
  it('all guarantees hold after all faults: nothing is lost or doubled, every open referral has a deadline, and no consumer lags', async () => {
    await allMessagesConsumed(world());
    const output = await ops(world(), 'verify');
    expect(output).toMatch(/kept +each of \d+ open referrals has a next step and a time/);
    expect(output).not.toContain('BROKEN');
    expect(await ops(world(), 'lag')).toContain('No service is behind.');
  });
}
