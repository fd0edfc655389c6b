import { topics } from '@opennrm/contracts/topics';
import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import { rows } from '../journeys/state.ts';
import type { World } from '../journeys/world.ts';
import { startAll, stopAll } from './processes.ts';
import {
  bringToPlaced,
  openShelterWithBeds,
  outboxIsEmpty,
  requestReferrals,
} from './shelter-with-people.ts';
import { allNumbersConsumed } from './streams.ts';
import { loseMessages } from './topic.ts';

const topic = topics.referralForCaseVault;

export function consumerJoinsLate(world: () => World): void {
  it('a consumer that joins late has every relation after one replay, though the topic no longer has the messages', async () => {
    await stopAll(world(), 'case-vault');
    const shelter = await openShelterWithBeds(world(), 3);
    const people = await requestReferrals(world(), 3);
    await bringToPlaced(world(), { shelter, people });
    await outboxIsEmpty(world());
    await loseMessages(world(), topic.name);
    await startAll(world(), 'case-vault');
    expect(await ops(world(), 'replay', topic.name)).toMatch(/messages of .* were sent again/);
    await allNumbersConsumed(world(), topic);
    const announced = `SELECT count(*)::int AS many FROM journal WHERE topic = $1 AND type LIKE '%RelationBegan'`;
    const [sent] = await rows<{ many: number }>(world(), 'referral', announced, [topic.name]);
    const [kept] = await rows<{ many: number }>(
      world(),
      'case-vault',
      'SELECT count(*)::int AS many FROM relation',
    );
    expect(sent?.many).toBeGreaterThanOrEqual(3);
    expect(kept?.many).toBe(sent?.many);
  });
}
