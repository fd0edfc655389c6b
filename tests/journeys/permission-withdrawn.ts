import { randomUUID } from 'node:crypto';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { longTerm, openVaultCase, recordPermission } from './consent/consent-details.ts';
import { type Person, recordAnswers, request } from './person.ts';
import { openShelter } from './shelter.ts';
import {
  eventsOf,
  eventually,
  readReferral,
  untilOffered,
  untilState,
  type World,
} from './world.ts';

export function permissionWithdrawn(world: () => World): void {
  it('a withdrawn permission stops offers and reads at once and alerts the coordinator; the referral continues when another basis is recorded', async () => {
    const shelter = await openShelter(world());
    const { caseId, permissionId, person } = await withPermission(world());
    const { offerId } = await untilOffered(world(), shelter);
    const caseworker = await world().responders.as('caseworker');
    await call(
      world().vault,
      'withdrawPermission',
      { caseId, permissionId, channel: '' },
      caseworker,
    );
    const waiting = await untilState(world(), person.referralId, 'waiting-for-basis');
    expect(waiting.offers.map((one) => one.status)).toEqual(['withdrawn']);
    expect(eventsOf(waiting)).toEqual(expect.arrayContaining(['BasisLost', 'AlertRaised']));
    const staff = await shelter.as('provider-staff');
    const profile = call(
      world().referral,
      'getOfferProfile',
      { offerId, purpose: 'accommodation' },
      staff,
    );
    expect(refusalOf(await profile.catch((error: unknown) => error))).toBe('not-found');
    await recordBasis(world(), caseId);
    await untilState(world(), person.referralId, 'offered');
  });

  it('a withdrawn permission never ends a place that the person has agreed to', async () => {
    const shelter = await openShelter(world());
    const { caseId, permissionId, person } = await withPermission(world());
    const { offerId } = await untilOffered(world(), shelter);
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), person.referralId, 'awaiting-person');
    await recordAnswers(world(), person, true);
    await call(
      world().vault,
      'withdrawPermission',
      { caseId, permissionId, channel: '' },
      await world().responders.as('caseworker'),
    );
    await eventually(async () =>
      expect(eventsOf(await readReferral(world(), person.referralId))).toContain('BasisLost'),
    );
    const placed = await readReferral(world(), person.referralId);
    expect(placed.state).toBe('agreed');
    expect(placed.offers.map((one) => one.status)).toEqual(['confirmed']);
  });
}

async function withPermission(
  world: World,
): Promise<{ caseId: string; permissionId: string; person: Person }> {
  const { caseId, referenceFor } = await openVaultCase(world);
  const permissionId = await recordPermission(world, caseId);
  const caseReferences = [referenceFor('referral')];
  return {
    caseId,
    permissionId,
    person: await request(world, { urgency: Urgency.URGENT, basis: '', caseReferences }),
  };
}

async function recordBasis(world: World, caseId: string): Promise<void> {
  const basis = {
    caseId,
    basisId: randomUUID(),
    code: 'public-task',
    purpose: 'accommodation',
    sections: ['identity'],
    controllerId: '',
    cannotAskReason: '',
  };
  await call(
    world.vault,
    'recordBasis',
    { ...basis, ...longTerm(world) },
    await world.responders.as('caseworker'),
  );
}
