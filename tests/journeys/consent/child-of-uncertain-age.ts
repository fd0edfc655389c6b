import { randomUUID } from 'node:crypto';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request, says } from '../person.ts';
import { openShelter } from '../shelter.ts';
import { eventsOf, eventually, untilOffered, untilState, type World } from '../world.ts';
import { forLong, opened, permission, permits, spoken } from './spoken.ts';

export function childOfUncertainAge(world: () => World): void {
  it('is a child until it is determined otherwise, protected before a guardian exists, and keeps her place through all of it', async () => {
    const shelter = await openShelter(world());
    const { caseId, referenceFor } = await opened(world());
    const caseworker = await world().responders.as('caseworker');
    const age = (one: string) => call(world().persons, 'recordAge', { caseId, age: one, birthDate: '' }, caseworker);
    await age('unsure');

    // Nobody speaks for her yet: the protection of a child carries the search.
    const alone = call(world().vault, 'grantPermission', permission(world(), caseId), caseworker);
    expect(await alone.catch(refusalOf)).toBe('guardian-needed');
    await protects(world(), caseId);
    const caseReferences = [referenceFor('referral')];
    const person = await request(world(), { urgency: Urgency.URGENT, basis: '', caseReferences });
    const { offerId } = await untilOffered(world(), shelter);

    // A guardian is found: what stood in for his word yields to it as far as it goes, and what he has not spoken of is asked of him.
    const guardianId = randomUUID();
    await call(
      world().persons,
      'appointGuardian',
      { caseId, guardianId, from: new Date(world().now()), until: undefined },
      caseworker,
    );
    expect(await protects(world(), caseId).catch(refusalOf)).toBe('guardian-must-be-asked');
    const against = permission(world(), caseId, spoken({ guardianId, childView: 'disagrees' }));
    expect(await call(world().vault, 'grantPermission', against, caseworker).catch(refusalOf)).toBe('child-said-no');
    await permits(world(), caseId, spoken({ guardianId, childView: 'agrees' }));
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), person.referralId, 'awaiting-person');

    // Disputed is a child's still; determined as an adult's she is asked herself.
    await age('disputed');
    expect(await states(world(), caseId)).toEqual({ permissions: ['standing'], bases: ['standing'] });
    await age('adult');
    // The protection of a child is none of hers any more; what stood on it, and on his word, is carried on until she has said.
    expect(await states(world(), caseId)).toEqual({
      ...{ permissions: ['age-determined'], bases: ['standing', 'standing', 'ended'] },
    });
    await permits(world(), caseId);
    await says(world(), person, true);
    const placed = await untilState(world(), person.referralId, 'placed');
    expect(eventsOf(placed)).not.toContain('BasisLost');
  });

  it('is not spoken for by a guardian under suspicion: what he permitted ends at once, and her search goes on', async () => {
    const shelter = await openShelter(world());
    const { caseId, referenceFor } = await opened(world());
    const caseworker = await world().responders.as('caseworker');
    await call(world().persons, 'recordAge', { caseId, age: 'child', birthDate: '' }, caseworker);
    const guardianId = randomUUID();
    await call(
      world().persons,
      'appointGuardian',
      { caseId, guardianId, from: new Date(world().now()), until: undefined },
      caseworker,
    );
    await permits(world(), caseId, spoken({ guardianId, childView: 'cannot-say' }));
    const caseReferences = [referenceFor('referral')];
    const { referralId } = await request(world(), { urgency: Urgency.URGENT, basis: '', caseReferences });
    const { offerId } = await untilOffered(world(), shelter);

    await call(world().persons, 'suspectGuardian', { caseId, guardianId }, caseworker);
    expect(await states(world(), caseId)).toEqual({ permissions: ['guardian-suspected'], bases: ['standing'] });
    const again = permission(world(), caseId, spoken({ guardianId, childView: 'agrees' }));
    const refused = call(world().vault, 'grantPermission', again, caseworker);
    expect(await refused.catch(refusalOf)).toBe('guardian-under-suspicion');

    // The place that was asked for her is hers: the protection of a child carries it.
    await eventually(async () => {
      const { permissions } = await call(
        world().consents,
        'listConsents',
        { caseId, pageSize: 0, pageToken: '' },
        caseworker,
      );
      const about = { caseId, permissionId: permissions[0]?.permissionId ?? '' };
      const { audiences } = await call(world().consents, 'getWithdrawal', about, caseworker);
      expect(audiences).toMatchObject([{ service: 'referral', closed: 0, acknowledgedAt: expect.any(Date) }]);
    });
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    expect(eventsOf(await untilState(world(), referralId, 'awaiting-person'))).not.toContain('BasisLost');
  });
}

async function protects(world: World, caseId: string): Promise<unknown> {
  const what = { code: 'child-protection', purpose: 'accommodation', sections: ['identity', 'safety'] };
  const basis = { caseId, basisId: randomUUID(), ...what, controllerId: '', cannotBeAsked: '', ...forLong(world) };
  return call(world.vault, 'recordBasis', basis, await world.responders.as('caseworker'));
}

async function states(world: World, caseId: string) {
  const caseworker = await world.responders.as('caseworker');
  const { permissions, bases } = await call(
    world.consents,
    'listConsents',
    { caseId, pageSize: 0, pageToken: '' },
    caseworker,
  );
  return { permissions: permissions.map(({ state }) => state), bases: bases.map(({ state }) => state) };
}
