import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { describe, expect, it } from 'vitest';
import type { OrganisationId } from '../domain/need.ts';
import { type FromVault, granted, valid, vaultEvents } from './vault-events.fixture.ts';

const { asksOnPermission, handleEvent, messagesToVault, requestEmergency, stateOf, statuses } =
  vaultEvents();

describe('the withdrawal of a permission', () => {
  it('withdraws the offers, and acknowledges their number to the vault in the same transaction', async () => {
    const { referralId, caseReference, permissionId } = await asksOnPermission();
    expect(await statuses(referralId)).toEqual(['holding', 'holding']);
    await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
    expect(await statuses(referralId)).toEqual(['withdrawn', 'withdrawn']);
    const [sent] = await messagesToVault(caseReference);
    const acknowledged = topics.referralForCaseVault.decode(sent?.value ?? Buffer.alloc(0));
    expect(acknowledged).toMatchObject({
      $case: 'withdrawalAcknowledged',
      value: { caseReference, permissionId, withdrawnCount: 2 },
    });
  });

  it('for a case without a referral is acknowledged with the number zero', async () => {
    const [caseReference, permissionId] = [randomUUID(), randomUUID()];
    await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
    const [sent] = await messagesToVault(caseReference);
    expect(topics.referralForCaseVault.decode(sent?.value ?? Buffer.alloc(0))).toMatchObject({
      value: { withdrawnCount: 0 },
    });
  });

  it('withdraws the offers that no other permission covers, and continues the search', async () => {
    const { referralId, caseReference, permissionId } = await asksOnPermission();
    const [first] = (await stateOf(referralId)).offers;
    await handleEvent(
      granted(caseReference, randomUUID(), [first?.organisationId as OrganisationId]),
    );
    expect(await statuses(referralId)).toEqual(['holding', 'holding']);
    await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
    expect(await statuses(referralId)).toEqual(['withdrawn', 'holding', 'holding']);
  });
});

it('a permission that is announced again with fewer receivers withdraws the offers to receivers that it no longer names', async () => {
  const { referralId, caseReference, permissionId } = await asksOnPermission();
  const [first] = (await stateOf(referralId)).offers;
  await handleEvent(
    granted(caseReference, permissionId, [first?.organisationId as OrganisationId]),
  );
  expect(await statuses(referralId)).toEqual(['withdrawn', 'holding', 'holding']);
});

it('the search stops when its last basis ends', async () => {
  const { referralId, caseReference, permissionId } = await asksOnPermission();
  const basisId = randomUUID();
  const basis = {
    caseReference,
    basisId,
    code: 'duty-of-care',
    purpose: 'accommodation',
    ...valid,
  };
  await handleEvent({ $case: 'basisRecorded', value: basis });
  await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
  expect((await stateOf(referralId)).stage.name).toBe('searching');
  await handleEvent({ $case: 'basisEnded', value: { caseReference, basisId } });
  expect((await stateOf(referralId)).stage.name).toBe('waiting-for-basis');
});

describe('a denial', () => {
  const refuses = (
    caseReference: string,
    denialId: string,
    organisationIds: string[],
  ): FromVault => ({
    $case: 'denialRecorded' as const,
    value: {
      caseReference,
      denialId,
      purpose: 'accommodation',
      organisationIds,
      serviceClasses: [],
    },
  });

  it('withdraws offers of an emergency on its request basis; a replacement with fewer names lets the others be asked', async () => {
    const { referralId } = await requestEmergency();
    const { party, offers } = await stateOf(referralId);
    const [caseReference = '', denialId] = [party[0]?.caseReference, randomUUID()];
    const named = offers.map(({ organisationId }) => organisationId as string);
    await handleEvent(refuses(caseReference, denialId, named));
    expect(await statuses(referralId)).toEqual(['withdrawn', 'withdrawn', 'holding']);
    await handleEvent(refuses(caseReference, denialId, []));
    expect((await stateOf(referralId)).stage.name).toBe('searching');
  });

  it('also limits a basis that covers other receivers', async () => {
    const { referralId, caseReference, permissionId } = await asksOnPermission();
    const [first] = (await stateOf(referralId)).offers;
    const basis = {
      caseReference,
      basisId: randomUUID(),
      code: 'duty-of-care',
      purpose: 'accommodation',
      ...valid,
    };
    const { receivers } = (
      granted(caseReference, permissionId) as Extract<FromVault, { $case: 'permissionGranted' }>
    ).value;
    await handleEvent({
      $case: 'limitedBasisRecorded',
      value: { ...basis, receivers, ownChoices: [] },
    });
    await handleEvent(refuses(caseReference, randomUUID(), [first?.organisationId as string]));
    await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
    expect(await statuses(referralId)).toEqual(['withdrawn', 'holding', 'holding']);
  });
});
