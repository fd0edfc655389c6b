import { randomUUID } from 'node:crypto';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { recordAnswers, request, untilAdults } from '../person.ts';
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
  it('a person of uncertain age is treated as a child, is protected before a guardian is appointed, and keeps the place throughout', async () => {
    const shelter = await openShelter(world(), { groups: ['women', 'age-disputed'] });
    const { caseId, referenceFor } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    const age = (one: string) =>
      call(world().persons, 'recordAge', { caseId, age: one, birthDate: '' }, caseworker);
    await age('unsure');

    // Nobody can decide for the child yet: the legal basis child-protection allows the search.
    const alone = call(world().vault, 'grantPermission', permission(world(), caseId), caseworker);
    expect(await alone.catch(refusalOf)).toBe('guardian-needed');
    await protects(world(), caseId);
    const caseReferences = [referenceFor('referral')];
    const person = await request(world(), { urgency: Urgency.URGENT, basis: '', caseReferences });
    const { offerId } = await untilOffered(world(), shelter);

    // With a guardian, the substitute basis applies only where the guardian has not decided, and no new one is recorded: the guardian must be asked.
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

    // A disputed age counts as a child's. When the age is determined as an adult's, the person decides alone.
    await age('disputed');
    expect(await states(world(), caseId)).toEqual({ permissions: ['valid'], bases: ['valid'] });
    await age('adult');
    // Child-protection ends. What it and the guardian's permission allowed continues on an interim basis until the person has decided.
    expect(await states(world(), caseId)).toEqual({
      permissions: ['age-determined'],
      bases: ['valid', 'valid', 'ended'],
    });
    await recordPermission(world(), caseId);
    await untilAdults(world(), person);
    await recordAnswers(world(), person, true);
    const placed = await untilState(world(), person.referralId, 'agreed');
    expect(eventsOf(placed)).not.toContain('BasisLost');
  });

  it('the permission of a guardian under suspicion ends at once, and the search continues', async () => {
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

    // The open offer is kept: the legal basis child-protection covers it.
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
