import { describe, expect, it } from 'vitest';
import { reviewBasis } from './basis.ts';
import { service } from './saga.fixture.ts';
import {
  alertsOf,
  asMap,
  minutesPass,
  personAnswers,
  providerAccepts,
  providerConfirms,
  providerHolds,
  references,
  requestScenario,
  type Scenario,
  when,
  withPermission,
} from './scenario.fixture.ts';

const shelters = Array.from({ length: 8 }, () => service('by-offer'));
const nobody = { ...withPermission(), permissions: [] };
const afterVaultEvent = (
  scenario: Scenario,
  ...known: ReturnType<typeof withPermission>[]
): Scenario => when({ ...scenario, bases: asMap(known) }, reviewBasis);

describe('the legal basis', () => {
  const searching = (): Scenario =>
    providerHolds(requestScenario(shelters, { urgency: 'urgent', known: [withPermission()] }));

  it('starts the search when the vault announces it', () => {
    const waiting = requestScenario(shelters, { urgency: 'urgent', known: [nobody] });
    expect(afterVaultEvent(waiting, withPermission()).types).toEqual([
      'BasisFound',
      'SearchDecided',
      'ServiceAsked',
    ]);
  });

  it('of a party is needed for every member', () => {
    const party = ['no', 'no'] as const;
    const half = requestScenario(shelters, { urgency: 'urgent', party, known: [withPermission()] });
    expect(half.referral.stage.name).toBe('waiting-for-basis');
    expect(afterVaultEvent(half, withPermission(), withPermission(1)).types).toContain(
      'ServiceAsked',
    );
  });

  it('of an emergency request is not lost while the vault has not decided about a place', () =>
    expect(
      afterVaultEvent(providerHolds(requestScenario(shelters)), {
        ...nobody,
        decidedPurposes: [],
      }).types,
    ).toEqual(['ReferenceRegistered']));

  it('of an emergency request does not count any more when the vault has decided: a withdrawn permission leaves no basis', () => {
    const permitted = afterVaultEvent(providerHolds(requestScenario(shelters)), withPermission());
    expect(permitted.types).toEqual(['ReferenceRegistered']);
    expect(afterVaultEvent(permitted, nobody).types).toEqual(
      expect.arrayContaining(['OfferWithdrawn', 'BasisLost', 'AlertRaised']),
    );
  });

  it('that is withdrawn raises an alert, makes no new offer and withdraws the open offers', () => {
    const lost = afterVaultEvent(searching(), nobody);
    expect(lost.types).toEqual(['OfferWithdrawn', 'BasisLost', 'AlertRaised']);
    expect(lost.referral.stage).toMatchObject({ name: 'waiting-for-basis', searchBegun: true });
    expect(providerAccepts(lost).outcome).toBe('offer-withdrawn');
  });

  it.each([
    [
      'while no service is left to ask',
      () => requestScenario([], { urgency: 'urgent', known: [withPermission()] }),
    ],
    ['while an acceptance is being confirmed', () => providerAccepts(searching())],
  ])('that is withdrawn %s makes the referral wait for another basis', (_when, scenario) =>
    expect(afterVaultEvent(scenario(), nobody).referral.stage).toMatchObject({
      name: 'waiting-for-basis',
      searchBegun: true,
    }),
  );

  it('that is withdrawn never releases a confirmed place', () => {
    const placed = personAnswers(providerConfirms(providerAccepts(searching())), true);
    const lost = afterVaultEvent(placed, nobody);
    expect(lost.types).toEqual(['BasisLost', 'AlertRaised']);
    expect(lost.referral.offers[0]).toMatchObject({ status: 'confirmed', hasHold: true });
    const waiting = afterVaultEvent(providerConfirms(providerAccepts(searching())), nobody);
    expect(waiting.referral.offers[0]).toMatchObject({ status: 'confirmed', hasHold: true });
  });

  it('that stays withdrawn raises another alert, and does not refuse a referral whose search had begun', () => {
    const lost = afterVaultEvent(searching(), nobody);
    expect(alertsOf(minutesPass(lost, 60 * 12))).toContain('basis-missing');
    expect(afterVaultEvent(minutesPass(lost, 60 * 12), withPermission()).types).toContain(
      'ServiceAsked',
    );
  });

  it('that is granted again continues the search, also after the person declined a place in the meantime', () => {
    const noPlace = personAnswers(
      afterVaultEvent(providerConfirms(providerAccepts(searching())), nobody),
      false,
    );
    expect(noPlace.referral.stage.name).toBe('unplaced');
    expect(afterVaultEvent(noPlace, withPermission()).types).toContain('ServiceAsked');
  });

  it('that covers another service now is used at once by an unplaced referral', () => {
    const few = withPermission();
    const narrow = {
      ...few,
      permissions: few.permissions.map((one) => ({
        ...one,
        receivers: { ...one.receivers, serviceClasses: [] },
      })),
    };
    const unplaced = requestScenario(shelters, { urgency: 'urgent', known: [narrow] });
    expect(unplaced.referral.stage.name).toBe('unplaced');
    expect(afterVaultEvent(unplaced, withPermission()).types).toEqual([
      'SearchDecided',
      'ServiceAsked',
    ]);
  });

  it('is announced with a keep-apart id, which the referral adds once', () => {
    const pair = { ...withPermission(), apartIds: ['apart'] };
    const told = afterVaultEvent(searching(), pair);
    expect(told.events).toEqual([{ type: 'ApartAdded', apartId: 'apart' }]);
    expect(afterVaultEvent(told, pair).outcome).toBe('nothing-changes');
    expect(references).toContain(pair.caseReference);
  });
});
