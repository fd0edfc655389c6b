import { randomUUID } from 'node:crypto';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { recordAnswers, request } from '../person.ts';
import { openShelter } from '../shelter.ts';
import { eventsOf, eventually, untilOffered, untilState, type World } from '../world.ts';
import {
  consentDetails,
  longTerm,
  openVaultCase,
  permission,
  recordPermission,
} from './consent-details.ts';

export function childOfUncertainAge(world: () => World): void {
  it('treats a person of uncertain age as a child, protected before there is a guardian, and the place stays throughout', async () => {
    const shelter = await openShelter(world(), { groups: ['women', 'age-disputed'] });
    const { caseId, referenceFor } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    const age = (one: string) =>
      call(world().persons, 'recordAge', { caseId, age: one, birthDate: '' }, caseworker);
    await age('unsure');

    // Nobody decides for the child yet: the protection of a child carries the search.
    const alone = call(world().vault, 'grantPermission', permission(world(), caseId), caseworker);
    expect(await alone.catch(refusalOf)).toBe('guardian-needed');
    await protects(world(), caseId);
    const caseReferences = [referenceFor('referral')];
    const person = await request(world(), { urgency: Urgency.URGENT, basis: '', caseReferences });
    const { offerId } = await untilOffered(world(), shelter);

    // A guardian is found: the substitute basis yields to the guardian's decisions as far as they reach; about the rest the guardian is asked.
    const guardianId = randomUUID();
    await call(
      world().persons,
      'appointGuardian',
      { caseId, guardianId, from: new Date(world().now()), until: undefined },
      caseworker,
    );
    expect(await protects(world(), caseId).catch(refusalOf)).toBe('guardian-must-be-asked');
    const against = permission(
      world(),
      caseId,
      consentDetails({ guardianId, childView: 'disagrees' }),
    );
    expect(await call(world().vault, 'grantPermission', against, caseworker).catch(refusalOf)).toBe(
      'child-disagrees',
    );
    await recordPermission(world(), caseId, consentDetails({ guardianId, childView: 'agrees' }));
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), person.referralId, 'awaiting-person');

    // While disputed, the age is a child's; determined as an adult's, the person decides alone.
    await age('disputed');
    expect(await states(world(), caseId)).toEqual({ permissions: ['valid'], bases: ['valid'] });
    await age('adult');
    // The protection of a child applies no more; what rested on it, and on the guardian's permission, goes on on an interim basis until the person
    // has decided.
    expect(await states(world(), caseId)).toEqual({
      permissions: ['age-determined'],
      bases: ['valid', 'valid', 'ended'],
    });
    await recordPermission(world(), caseId);
    await recordAnswers(world(), person, true);
    const placed = await untilState(world(), person.referralId, 'placed');
    expect(eventsOf(placed)).not.toContain('BasisLost');
  });

  it('ends at once what a guardian under suspicion permitted, and the search goes on', async () => {
    const shelter = await openShelter(world(), { groups: ['women', 'child'] });
    const { caseId, referenceFor } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    await call(world().persons, 'recordAge', { caseId, age: 'child', birthDate: '' }, caseworker);
    const guardianId = randomUUID();
    await call(
      world().persons,
      'appointGuardian',
      { caseId, guardianId, from: new Date(world().now()), until: undefined },
      caseworker,
    );
    await recordPermission(
      world(),
      caseId,
      consentDetails({ guardianId, childView: 'cannot-say' }),
    );
    const caseReferences = [referenceFor('referral')];
    const { referralId } = await request(world(), {
      urgency: Urgency.URGENT,
      basis: '',
      caseReferences,
    });
    const { offerId } = await untilOffered(world(), shelter);

    await call(world().persons, 'suspectGuardian', { caseId, guardianId }, caseworker);
    expect(await states(world(), caseId)).toEqual({
      permissions: ['guardian-suspected'],
      bases: ['valid'],
    });
    const again = permission(world(), caseId, consentDetails({ guardianId, childView: 'agrees' }));
    const refused = call(world().vault, 'grantPermission', again, caseworker);
    expect(await refused.catch(refusalOf)).toBe('guardian-under-suspicion');

    // The place that was asked for stays the child's: the protection of a child carries it.
    await eventually(async () => {
      const { permissions } = await call(
        world().consents,
        'listConsents',
        { caseId, pageSize: 0, pageToken: '' },
        caseworker,
      );
      const about = { caseId, permissionId: permissions[0]?.permissionId ?? '' };
      const { audiences } = await call(world().consents, 'getWithdrawal', about, caseworker);
      expect(audiences).toMatchObject([
        { service: 'referral', closed: 0, acknowledgedAt: expect.any(Date) },
      ]);
    });
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    expect(eventsOf(await untilState(world(), referralId, 'awaiting-person'))).not.toContain(
      'BasisLost',
    );
  });
}

async function protects(world: World, caseId: string): Promise<unknown> {
  const what = {
    code: 'child-protection',
    purpose: 'accommodation',
    sections: ['identity', 'safety'],
  };
  const basis = {
    caseId,
    basisId: randomUUID(),
    ...what,
    controllerId: '',
    cannotAskReason: '',
    ...longTerm(world),
  };
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
  return {
    permissions: permissions.map(({ state }) => state),
    bases: bases.map(({ state }) => state),
  };
}
