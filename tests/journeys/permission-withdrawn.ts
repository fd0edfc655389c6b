import { randomUUID } from 'node:crypto';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { type Person, request, says } from './person.ts';
import { openShelter } from './shelter.ts';
import { eventsOf, eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function permissionWithdrawn(world: () => World): void {
  it('stops the asking and every new reading at once, tells the coordinator, and goes on when there is a basis again', async () => {
    const shelter = await openShelter(world());
    const { caseId, permissionId, person } = await withPermission(world());
    const { offerId } = await untilOffered(world(), shelter);
    const caseworker = await world().responders.as('caseworker');
    await call(world().vault, 'withdrawPermission', { caseId, permissionId }, caseworker);
    const waiting = await untilState(world(), person.referralId, 'waiting-for-basis');
    expect(waiting.offers.map((one) => one.status)).toEqual(['withdrawn']);
    expect(eventsOf(waiting)).toEqual(expect.arrayContaining(['BasisLost', 'AlertRaised']));
    const staff = await shelter.as('provider-staff');
    const profile = call(world().referral, 'getOfferProfile', { offerId, purpose: 'accommodation' }, staff);
    expect(refusalOf(await profile.catch((error: unknown) => error))).toBe('not-found');
    await recordBasis(world(), caseId);
    await untilState(world(), person.referralId, 'offered');
  });

  it('never takes away a place that the person has agreed to', async () => {
    const shelter = await openShelter(world());
    const { caseId, permissionId, person } = await withPermission(world());
    const { offerId } = await untilOffered(world(), shelter);
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), person.referralId, 'awaiting-person');
    await says(world(), person, true);
    await call(
      world().vault,
      'withdrawPermission',
      { caseId, permissionId },
      await world().responders.as('caseworker'),
    );
    await eventually(async () =>
      expect(eventsOf(await readReferral(world(), person.referralId))).toContain('BasisLost'),
    );
    const placed = await readReferral(world(), person.referralId);
    expect(placed.state).toBe('placed');
    expect(placed.offers.map((one) => one.status)).toEqual(['confirmed']);
  });
}

const valid = (world: World) => ({
  validFrom: new Date(world.now() - hours(1)),
  validUntil: new Date(world.now() + hours(5_000)),
});

async function withPermission(world: World): Promise<{ caseId: string; permissionId: string; person: Person }> {
  const [caseId, permissionId] = [randomUUID(), randomUUID()];
  const caseworker = await world.responders.as('caseworker');
  const opened = await call(
    world.vault,
    'openCase',
    { caseId, services: ['referral'], need: 'safe-accommodation' },
    caseworker,
  );
  const receivers = {
    excludedRegions: [],
    excludedOrganisationIds: [],
    organisationIds: [],
    serviceClasses: ['safe-accommodation'],
  };
  const how = { form: 'spoken', language: 'en', interpreter: false, receivers };
  const what = { caseId, permissionId, purpose: 'accommodation', sections: ['identity'] };
  await call(world.vault, 'grantPermission', { ...what, ...how, ...valid(world) }, caseworker);
  const caseReferences = opened.references.map((one) => one.reference);
  return { caseId, permissionId, person: await request(world, { urgency: Urgency.URGENT, basis: '', caseReferences }) };
}

async function recordBasis(world: World, caseId: string): Promise<void> {
  const basis = {
    caseId,
    basisId: randomUUID(),
    code: 'public-task',
    purpose: 'accommodation',
    sections: ['identity'],
  };
  await call(world.vault, 'recordBasis', { ...basis, ...valid(world) }, await world.responders.as('caseworker'));
}
