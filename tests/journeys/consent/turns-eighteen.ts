import { randomUUID } from 'node:crypto';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';
import { expect, it } from 'vitest';
import { recordAnswers, request, untilAdults } from '../person.ts';
import { openShelter } from '../shelter.ts';
import {
  eventsOf,
  eventually,
  readReferral,
  untilOffered,
  untilState,
  type World,
} from '../world.ts';
import { alertsOf } from './alerts.ts';
import {
  consentDetails,
  noReceivers,
  openVaultCase,
  permission,
  recordPermission,
} from './consent-details.ts';

export function turnsEighteen(world: () => World): void {
  it("the eighteenth birthday raises an alert before and on the day and ends the guardian's permissions, and no bed is lost", async () => {
    const groups = ['women', 'child'];
    const [shelter, excluded] = [
      await openShelter(world(), { groups }),
      await openShelter(world(), { groups }),
    ];
    const { caseId, referenceFor } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    const birthday = DateTime.fromMillis(world().now(), { zone: 'Europe/Vienna' })
      .plus({ days: 2 })
      .startOf('day');
    const birthDate = birthday.minus({ years: 18 }).toISODate() ?? '';
    await call(world().persons, 'recordAge', { caseId, age: 'child', birthDate }, caseworker);
    await eventually(async () => expect(await codes(world(), caseId)).toEqual(['comes-of-age']));

    const alone = permission(world(), caseId);
    const grants = (wish: typeof alone) => call(world().vault, 'grantPermission', wish, caseworker);
    expect(await grants(alone).catch(refusalOf)).toBe('guardian-needed');
    const guardianId = randomUUID();
    await call(
      world().persons,
      'appointGuardian',
      { caseId, guardianId, from: new Date(world().now()), until: undefined },
      caseworker,
    );
    const guardianPermission = await recordPermission(world(), caseId, {
      ...consentDetails({ guardianId, childView: 'agrees' }),
      receivers: {
        ...noReceivers,
        serviceClasses: ['safe-accommodation'],
        excludedOrganisationIds: [excluded.id],
      },
    });

    const caseReferences = [referenceFor('referral')];
    await world().advanceTime(birthday.toMillis() - world().now() - hours(0.1));
    const person = await request(world(), { urgency: Urgency.URGENT, basis: '', caseReferences });
    const { offerId } = await untilOffered(world(), shelter);
    await world().advanceTime(hours(0.2));

    await eventually(async () => expect(await codes(world(), caseId)).toContain('came-of-age'));
    const { permissions, bases } = await call(
      world().consents,
      'listConsents',
      { caseId, pageSize: 0, pageToken: '' },
      caseworker,
    );
    expect(permissions.map(({ permissionId, state }) => [permissionId, state])).toEqual([
      [guardianPermission, 'came-of-age'],
    ]);
    expect(bases).toMatchObject([{ code: 'duty-of-care', isSubstitute: true, state: 'valid' }]);
    // An alert asks whether the place still fits an adult.
    await eventually(async () =>
      expect(eventsOf(await readReferral(world(), person.referralId))).toContain('AlertRaised'),
    );

    // The interim basis is no wider than what ended: a service that the guardian had excluded is not asked.
    await world().advanceTime(hours(3));
    await eventually(async () => {
      const referral = await readReferral(world(), person.referralId);
      expect(eventsOf(referral)).toContain('OfferSoftened');
      expect(['offered', 'unplaced']).toContain(referral.state);
      expect(referral.offers.map(({ serviceId }) => serviceId)).not.toContain(excluded.serviceId);
    });

    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), person.referralId, 'awaiting-person');
    const ownPermission = await recordPermission(world(), caseId);
    await untilAdults(world(), person);
    await recordAnswers(world(), person, true);
    const placed = await untilState(world(), person.referralId, 'agreed');
    expect(eventsOf(placed)).not.toContain('BasisLost');
    const after = await call(
      world().consents,
      'listConsents',
      { caseId, pageSize: 0, pageToken: '' },
      caseworker,
    );
    expect(after.permissions.map(({ permissionId, state }) => [permissionId, state])).toEqual([
      [ownPermission, 'valid'],
      [guardianPermission, 'came-of-age'],
    ]);
    expect(after.bases.map(({ state }) => state)).toEqual(['ended']);
    expect(
      await grants(permission(world(), caseId, consentDetails({ guardianId }))).catch(refusalOf),
    ).toBe('no-guardian-needed');
  });
}

const codes = async (world: World, caseId: string): Promise<string[]> =>
  (await alertsOf(world, 'caseworker', caseId)).map(({ code }) => code);
