import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import { everythingSeen } from '../journeys/state.ts';
import type { World } from '../journeys/world.ts';

/** After everything that was done to the platform above. */
export function promisesKept(world: () => World): void {
  it('has lost nothing, doubled nothing, left nobody without a clock, and nobody is behind', async () => {
    await everythingSeen(world());
    const said = await ops(world(), 'verify');
    expect(said).toMatch(/kept +each of \d+ open referrals has a next step and a time/);
    expect(said).not.toContain('BROKEN');
    expect(await ops(world(), 'lag')).toContain('Nobody is behind.');
  });
}
