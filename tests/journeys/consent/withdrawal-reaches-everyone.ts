import { randomUUID } from 'node:crypto';
import type { GetWithdrawalResponse } from '@opennrm/contracts/opennrm/case_vault/v1/withdrawal.ts';
import {
  IdentificationAge,
  IdentificationServiceClient,
} from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call, connect } from '@opennrm/runtime';
import { minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { openOfferStream } from '../live-offers.ts';
import { request } from '../person.ts';
import { openShelter } from '../shelter.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from '../world.ts';
import { alertsOf } from './alerts.ts';
import { consentDetails, noReceivers, openVaultCase, recordPermission } from './consent-details.ts';

export function withdrawalReachesEveryone(world: () => World): void {
  it('a withdrawal closes every open offer of the person, and shows which services have acknowledged it and what was disclosed before', async () => {
    const shelter = await openShelter(world());
    const { caseId, referenceFor } = await openVaultCase(world());
    const permissionId = await recordPermission(world(), caseId);
    const asked = {
      urgency: Urgency.URGENT,
      basis: '',
      caseReferences: [referenceFor('referral')],
    };
    const person = await request(world(), asked);
    const { offerId } = await untilOffered(world(), shelter);
    const { seen, stop } = await openOfferStream(world(), shelter);
    await eventually(() =>
      expect(seen.flatMap(({ changed }) => changed.map((one) => one.offerId))).toEqual([offerId]),
    );

    const withdrawn = await withdraws(world(), caseId, permissionId, 'telephone');
    expect(withdrawn.acknowledgedBy?.getTime()).toBeGreaterThan(world().now());
    expect(withdrawn.callBackBy?.getTime()).toBeGreaterThan(world().now());
    const answered = await untilAnswered(world(), caseId, permissionId);
    expect(answered.audiences).toMatchObject([{ service: 'referral', closed: 1 }]);
    expect(answered).toMatchObject({ cause: 'withdrawn', overdue: false, callBack: 'due' });
    expect(answered.disclosedBefore.map(({ content }) => content)).toContain('offer');
    await untilState(world(), person.referralId, 'waiting-for-basis');
    // The offer is also removed from the live list of the provider's staff.
    await eventually(() =>
      expect(seen.flatMap(({ removedOfferIds }) => removedOfferIds)).toEqual([offerId]),
    );
    stop();

    // A call that did not reach the person does not count: the call back stays due.
    await callsBack(world(), caseId, permissionId, 'not-reached');
    const tried = await readWithdrawal(world(), caseId, permissionId);
    expect(tried).toMatchObject({ callBack: 'due', callBackAttempts: 1 });
    expect((await alertsOf(world(), 'coordinator', caseId)).map(({ code }) => code)).toEqual([
      'call-back',
    ]);
    await callsBack(world(), caseId, permissionId);
    expect(await alertsOf(world(), 'coordinator', caseId)).toEqual([]);
    expect(await readWithdrawal(world(), caseId, permissionId)).toMatchObject({
      callBack: 'confirmed',
    });
  });

  it('a withdrawal is sent only to the services that act on its purpose', async () => {
    const { caseId } = await openVaultCase(world(), ['referral', 'identification-intake']);
    const [authority] = [world().organisation(AUTHORITY)];
    const toDecide = await recordPermission(world(), caseId, {
      purpose: 'identification-decision',
      sections: ['identity', 'story'],
      receivers: { ...noReceivers, organisationIds: [authority.id] },
    });
    await withdraws(world(), caseId, toDecide, 'written');
    const { audiences } = await untilAnswered(world(), caseId, toDecide);
    expect(audiences.map(({ service }) => service)).toEqual(['identification-intake']);
  });

  it('a denial also applies to a search on a legal basis: the offer to a denied service is withdrawn', async () => {
    const shelter = await openShelter(world());
    const { caseId, referenceFor } = await openVaultCase(world());
    const person = await request(world(), { caseReferences: [referenceFor('referral')] });
    await untilOffered(world(), shelter);
    const denial = {
      caseId,
      denialId: randomUUID(),
      purpose: 'accommodation',
      sections: ['identity'],
      ...consentDetails(),
    };
    const receivers = { organisationIds: [shelter.id], serviceClasses: [] };
    const caseworker = await world().responders.as('caseworker');
    await call(world().consents, 'recordDenial', { ...denial, ...receivers }, caseworker);
    await eventually(async () => {
      const { offers } = await readReferral(world(), person.referralId);
      expect(offers.find(({ serviceId }) => serviceId === shelter.serviceId)?.status).toBe(
        'withdrawn',
      );
    });
  });

  it('a withdrawal closes a draft that can no longer be submitted, and the acknowledgement states how many were closed', async () => {
    const { caseId, referenceFor } = await openVaultCase(world(), ['identification-intake']);
    const [authority] = [world().organisation(AUTHORITY)];
    const permissionId = await recordPermission(world(), caseId, {
      purpose: 'identification-decision',
      sections: ['identity', 'story'],
      receivers: { ...noReceivers, organisationIds: [authority.id] },
    });
    await drafts(world(), referenceFor('identification-intake'), authority.id);
    await withdraws(world(), caseId, permissionId, 'written');
    const { audiences } = await untilAnswered(world(), caseId, permissionId);
    expect(audiences).toMatchObject([{ service: 'identification-intake', closed: 1 }]);
  });

  it('an alert is raised when a paused service does not acknowledge a withdrawal in time, and ends when the service acknowledges', async () => {
    const { caseId } = await openVaultCase(world());
    const permissionId = await recordPermission(world(), caseId);
    const { process } = world().platform.service('referral');
    process.pause();
    try {
      await withdraws(world(), caseId, permissionId, 'in-person');
      await world().advanceTime(minutes(16));
      await eventually(async () => {
        const officer = await alertsOf(world(), 'data-protection-officer', caseId);
        expect(officer.map(({ code, about }) => [code, about])).toEqual([
          ['acknowledgement', permissionId],
        ]);
      });
      const now = await readWithdrawal(world(), caseId, permissionId);
      expect(now).toMatchObject({
        overdue: true,
        audiences: [{ service: 'referral', acknowledgedAt: undefined }],
      });
    } finally {
      process.resume();
    }
    await untilAnswered(world(), caseId, permissionId);
    await eventually(async () =>
      expect(await alertsOf(world(), 'data-protection-officer', caseId)).toEqual([]),
    );
  });
}

/** The competent authority of the sample country. */
const AUTHORITY = '5a000000-0000-4000-8000-00000000000a';

async function withdraws(world: World, caseId: string, permissionId: string, channel: string) {
  const caseworker = await world.responders.as('caseworker');
  return call(world.vault, 'withdrawPermission', { caseId, permissionId, channel }, caseworker);
}

async function readWithdrawal(
  world: World,
  caseId: string,
  permissionId: string,
): Promise<GetWithdrawalResponse> {
  const caseworker = await world.responders.as('caseworker');
  return call(world.consents, 'getWithdrawal', { caseId, permissionId }, caseworker);
}

const untilAnswered = (
  world: World,
  caseId: string,
  permissionId: string,
): Promise<GetWithdrawalResponse> =>
  eventually(async () => {
    const now = await readWithdrawal(world, caseId, permissionId);
    if (now.audiences.some((one) => one.acknowledgedAt === undefined))
      throw new Error('a service has not acknowledged');
    expect(now.acknowledgedBy).toBeUndefined();
    return now;
  });

/** A draft of a referral of an adult to the authority. */
async function drafts(world: World, caseReference: string, authorityId: string): Promise<void> {
  const [replica] = world.platform.service('identification-intake').replicas;
  const client = connect(IdentificationServiceClient, replica?.grpcAddress ?? '');
  world.onJourneyEnd(async () => client.close());
  const beginning = {
    processId: randomUUID(),
    caseReference,
    authorityId,
    age: IdentificationAge.ADULT,
  };
  await call(client, 'beginIdentification', beginning, await world.responders.as('responder'));
}

async function callsBack(
  world: World,
  caseId: string,
  permissionId: string,
  outcome = 'confirmed',
): Promise<void> {
  const caseworker = await world.responders.as('caseworker');
  const rules = [
    { channel: 'through-caseworker', from: '00:00', until: '00:00', mayLeaveMessage: false },
  ];
  await call(world.persons, 'setSafeContact', { caseId, rules }, caseworker);
  const callBack = { caseId, permissionId, outcome, channel: 'through-caseworker' };
  await call(world.consents, 'recordCallBack', callBack, caseworker);
}
