import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import { allMessagesConsumed } from '../journeys/state.ts';
import type { World } from '../journeys/world.ts';

/** After everything that was done to the platform above. */
export function promisesKept(world: () => World): void {
  it('all guarantees hold: nothing lost, nothing doubled, no wait without a deadline, no lag', async () => {
    await allMessagesConsumed(world());
    const said = await ops(world(), 'verify');
    expect(said).toMatch(/kept +each of \d+ open referrals has a next step and a time/);
    expect(said).not.toContain('BROKEN');
    expect(await ops(world(), 'lag')).toContain('Nobody is behind.');
  });
}
