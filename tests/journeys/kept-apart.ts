import { randomUUID } from 'node:crypto';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import {
  eventsOf,
  eventually,
  readReferral,
  untilOffered,
  untilState,
  type World,
} from './world.ts';

export function keptApart(world: () => World): void {
  it('two people to be kept apart are never at one provider, and the refusal outside the shelter is only "not possible here"', async () => {
    const shelter = await openShelter(world(), { beds: 4 });
    const [first, second] = [await openCase(world()), await openCase(world())];
    await keepApart(world(), first.caseId, second.caseId);
    await request(world(), { caseReferences: [first.reference] });
    await untilOffered(world(), shelter);
    const refused = await request(world(), { caseReferences: [second.reference] });
    const unplaced = await untilState(world(), refused.referralId, 'unplaced');
    expect(unplaced.offers.map((one) => [one.status, one.code])).toEqual([
      ['not-possible', 'not-possible-here'],
    ]);
    expect(await unitsIn(world(), shelter, 'free')).toBe(3);
  });

  it('the coordinator gets an alert when two people who are already at one provider are set to be kept apart', async () => {
    const shelter = await openShelter(world(), { beds: 4 });
    const [first, second] = [await openCase(world()), await openCase(world())];
    const people = [
      await request(world(), { caseReferences: [first.reference] }),
      await request(world(), { caseReferences: [second.reference] }),
    ];
    for (const { referralId } of people) await untilState(world(), referralId, 'offered');
    await keepApart(world(), first.caseId, second.caseId);
    await eventually(async () => {
      const alerts = await Promise.all(
        people.map(async ({ referralId }) => (await readReferral(world(), referralId)).timeline),
      );
      expect(alerts.flat().map((entry) => entry.code)).toContain('hold-needs-review');
    });
    for (const { referralId } of people)
      expect(eventsOf(await readReferral(world(), referralId))).toContain('ApartAdded');
    expect(await unitsIn(world(), shelter, 'held')).toBe(2);
  });
}

/** Opens a case in the vault, with a reference for `referral`. */
async function openCase(world: World): Promise<{ caseId: string; reference: string }> {
  const caseId = randomUUID();
  const opening = { caseId, services: ['referral'], need: 'safe-accommodation' };
  const { references } = await call(
    world.vault,
    'openCase',
    opening,
    await world.responders.as('caseworker'),
  );
  return { caseId, reference: references[0]?.reference ?? '' };
}

/** One person proposes the pair and another sets it; the same person twice is refused. */
async function keepApart(world: World, caseId: string, otherCaseId: string): Promise<void> {
  const pair = { caseId, otherCaseId, apartId: randomUUID() };
  const caseworker = await world.responders.as('caseworker');
  expect((await call(world.vault, 'setKeepApart', pair, caseworker)).state).toBe('proposed');
  const alone = await call(world.vault, 'setKeepApart', pair, caseworker).catch(
    (error: unknown) => error,
  );
  expect(refusalOf(alone)).toBe('second-person-needed');
  const second = await world.responders.as('caseworker', randomUUID());
  expect((await call(world.vault, 'setKeepApart', pair, second)).state).toBe('set');
  await untilReferralKnows(world, caseId);
}

/** `referral` knows the pair once it has read the messages for both cases. */
async function untilReferralKnows(world: World, caseId: string): Promise<void> {
  const { rows } = await import('./state.ts');
  await eventually(async () => {
    const [pair] = await rows<{ id: string }>(
      world,
      'case-vault',
      `SELECT a->>'apartId' AS id FROM case_file, jsonb_array_elements(state->'apart') a WHERE id = $1`,
      [caseId],
    );
    const known = await rows(
      world,
      'referral',
      `SELECT 1 FROM case_basis WHERE state->'apartIds' ? $1`,
      [pair?.id],
    );
    expect(known).toHaveLength(2);
  });
}
