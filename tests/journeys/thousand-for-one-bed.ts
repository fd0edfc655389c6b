import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { rows } from './state.ts';
import { unitsIn } from './units.ts';
import { eventually, type World } from './world.ts';

const PEOPLE = 1_000;
const AT_ONCE = 40;
/** Requests of one organisation. A worker takes the next organisation before the quota of emergencies is exceeded. */
const OF_ONE_ORGANISATION = 10;

export function thousandForOneBed(world: () => World): void {
  it('of a thousand referrals for one bed, one is offered the bed and all others become unplaced with a next step', async () => {
    const shelter = await openShelter(world(), { beds: 1, region: 'islands' });
    const waiting = Array.from({ length: PEOPLE }, (_, nth) => nth);
    const ids: string[] = [];
    const worker = async (): Promise<void> => {
      for (let nth = 0, from = world().organisation(); waiting.pop() !== undefined; nth++) {
        if (nth % OF_ONE_ORGANISATION === 0) from = world().organisation();
        ids.push((await request(world(), { from, region: 'islands' })).referralId);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await eventually(async () => {
      const stages = await rows<{ stage: string; count: number }>(
        world(),
        'referral',
        'SELECT stage, count(*)::int AS count FROM referral WHERE id = ANY ($1::uuid[]) GROUP BY stage ORDER BY stage',
        [ids],
      );
      expect(stages).toEqual([
        { stage: 'offered', count: 1 },
        { stage: 'unplaced', count: PEOPLE - 1 },
      ]);
    });
    expect(await unitsIn(world(), shelter, 'held')).toBe(1);
    const without = await rows(
      world(),
      'referral',
      'SELECT 1 FROM referral WHERE id = ANY ($1::uuid[]) AND next_step_by IS NULL',
      [ids],
    );
    expect(without).toHaveLength(0);
  }, 180_000);
}
