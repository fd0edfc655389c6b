import { topics } from '@opennrm/contracts/topics';
import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import { rows, stateOf } from '../journeys/state.ts';
import type { World } from '../journeys/world.ts';
import { bringToPlaced, openShelterWithBeds, requestReferrals } from './shelter-with-people.ts';
import { allNumbersConsumed } from './streams.ts';

export function projectionRebuilt(world: () => World): void {
  it('a projection has the same rows after it was emptied and filled again from the journal of the sender', async () => {
    const shelter = await openShelterWithBeds(world(), 3);
    const people = await requestReferrals(world(), 3);
    await bringToPlaced(world(), { shelter, people });
    for (const [topic, table] of [
      [topics.referralForCaseVault, 'case-vault.relation'],
      [topics.caseVaultForReferral, 'referral.case_basis'],
    ] as const) {
      await allNumbersConsumed(world(), topic);
      const before = await stateOf(world());
      expect(await ops(world(), 'rebuild', topic.name, '--yes')).toMatch(
        /emptied; \d+ messages were sent again/,
      );
      await allNumbersConsumed(world(), topic);
      const { [table]: filled = [], ...others } = await stateOf(world());
      const { [table]: kept = [], ...untouched } = before;
      expect(others).toEqual(untouched);
      // Rows without a registered reference are not in the journal; they are written again when a request needs them.
      const registered = (found: readonly string[]) =>
        found.filter((row) => !row.includes('"registered": false'));
      expect(registered(filled)).toEqual(registered(kept));
    }
    expect(
      (await rows(world(), 'case-vault', 'SELECT 1 FROM relation')).length,
    ).toBeGreaterThanOrEqual(3);
  });
}
