import { minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { answerByTelephone, declineOffer } from './answers.ts';
import { reviewBasis } from './basis.ts';
import { confirmEmergency } from './confirm-emergency.ts';
import { nextDeadline } from './deadlines.ts';
import { countsTowardsQuota, isAboveQuota } from './emergency-quota.ts';
import { override } from './override.ts';
import { stateName } from './referral.ts';
import { pack, service } from './saga.fixture.ts';
import {
  alertsOf,
  asMap,
  memberIdOf,
  minutesPass,
  offerIdOf,
  providerAccepts,
  providerConfirms,
  references,
  requestScenario,
  type Scenario,
  statuses,
  vaultRecordsAge,
  when,
  withPermission,
} from './scenario.fixture.ts';
import { messagesSentIn } from './sent-messages.fixture.ts';
import { serviceAvailable } from './service-available.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 4 }, () => service('by-offer'));
const aboveQuota = (services = shelters): Scenario =>
  requestScenario(services, { aboveQuota: true });
const confirms = (scenario: Scenario): Scenario => when(scenario, confirmEmergency);
const registers = (scenario: Scenario): Scenario => {
  const registered = references.map((reference) => ({
    ...withPermission(),
    caseReference: reference,
    decidedPurposes: [],
    permissions: [],
  }));
  return when({ ...scenario, bases: asMap(registered) }, reviewBasis);
};
const heldHolds = (scenario: Scenario): string[] => messagesSentIn(scenario.history).held;
const declines = (scenario: Scenario, code: string): Scenario =>
  when(scenario, (r, k) => declineOffer(r, offerIdOf(scenario), { code, noteId: undefined }, k));

describe('the quota of emergencies', () => {
  const { perPerson, perOrganisation } = pack.emergencyQuota;

  it.each([
    ['the last person within both limits', 1, perPerson - 1, perOrganisation - 1, false],
    ['one person above the limit of the requester', 1, perPerson, perPerson, true],
    ['one person above the limit of the organisation', 1, 0, perOrganisation, true],
    ['a party of which one member is above the limit', 3, perPerson - 2, 0, true],
    ['a party within the limit', 2, perPerson - 2, 0, false],
  ])('counts people: %s', (_what, people, byPerson, byOrganisation, above) =>
    expect(isAboveQuota(people, { byPerson, byOrganisation }, pack)).toBe(above),
  );

  it('counts an emergency until its reference is registered or it is over, and no other urgency', () => {
    const emergency = requestScenario(shelters);
    expect(countsTowardsQuota(emergency.referral)).toBe(true);
    expect(countsTowardsQuota(registers(emergency).referral)).toBe(false);
    const withdrawn = when(emergency, (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(countsTowardsQuota(withdrawn.referral)).toBe(false);
    const unregistered = { ...withPermission(), registered: false };
    const urgent = requestScenario(shelters, { urgency: 'urgent', known: [unregistered] }).referral;
    expect([urgent.registered, countsTowardsQuota(urgent)]).toEqual([false, false]);
  });

  it('counts an emergency whose registration is overdue', () => {
    const overdue = minutesPass(
      requestScenario(shelters),
      pack.deadlines.registerReferenceMs / minutes(1),
    );
    expect(overdue.types).toContain('RegistrationOverdue');
    expect(countsTowardsQuota(overdue.referral)).toBe(true);
    expect(registers(overdue).types).toContain('ReferenceRegistered');
  });
});

describe('an emergency above the quota', () => {
  it('is accepted and waits for the desk, which is alerted at once; one service is asked and nothing is held', () => {
    const begun = aboveQuota();
    expect(begun.types).toEqual([
      'ReferralRequested',
      'DeskConfirmationRequested',
      'AlertRaised',
      'SearchDecided',
      'ServiceAsked',
      'OfferMade',
    ]);
    expect([stateName(begun.referral), statuses(begun), heldHolds(begun)]).toEqual([
      'waiting-for-desk',
      ['open'],
      [],
    ]);
    expect(begun.referral.alerts[0]).toMatchObject({
      code: 'emergency-unconfirmed',
      ownerRole: 'coordinator',
    });
  });

  it('does not need the desk where its reference is registered', () =>
    expect(
      stateName(
        requestScenario(shelters, {
          aboveQuota: true,
          known: [withPermission()],
          basis: 'vital-interest',
        }).referral,
      ),
    ).toBe('searching'));

  it('does not wait for the desk after it is withdrawn', () => {
    const withdrawn = when(aboveQuota(), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(stateName(withdrawn.referral)).toBe('withdrawn');
  });

  it('alerts the desk again at each deadline', () => {
    const first = aboveQuota();
    const due = pack.deadlines.confirmEmergencyMs / minutes(1);
    const second = minutesPass(first, due);
    expect(second.types).toContain('DeskConfirmationRequested');
    expect(second.referral.deskDeadline).toBe(second.now + pack.deadlines.confirmEmergencyMs);
    expect(nextDeadline(second.referral)?.due).toBeLessThanOrEqual(
      second.referral.deskDeadline ?? 0,
    );
    expect(minutesPass(second, due).types).toContain('DeskConfirmationRequested');
  });

  it.each([
    ['its service accepts', (scenario: Scenario) => providerAccepts(scenario)],
    [
      'an acceptance is recorded by telephone',
      (scenario: Scenario) =>
        when(scenario, (r, k) =>
          answerByTelephone(
            r,
            offerIdOf(scenario),
            {
              providerAccepts: true,
              declineCode: undefined,
              spokeWith: 'manager',
              noteId: undefined,
              numberFromDirectory: true,
              readBack: true,
            },
            k,
          ),
        ),
    ],
    ['an age changes', (scenario: Scenario) => vaultRecordsAge(providerAccepts(scenario), 'no')],
  ])('keeps the acceptance on standby, and holds nothing, when %s', (_what, happens) => {
    const onStandby = happens(aboveQuota());
    expect([stateName(onStandby.referral), statuses(onStandby), heldHolds(onStandby)]).toEqual([
      'waiting-for-desk',
      ['standby'],
      [],
    ]);
  });

  it('keeps an acceptance by contract on standby', () =>
    expect(statuses(aboveQuota([service('direct')]))).toEqual(['standby']));

  it('is declined by a contracted service for safety alone, by call and by telephone', () => {
    const scenario = aboveQuota([service('direct')]);
    const declined = (code: string): Scenario =>
      when(scenario, (r, k) =>
        declineOffer(r, offerIdOf(scenario), { code, noteId: undefined }, k),
      );
    const called = (declineCode: string): Scenario =>
      when(scenario, (r, k) =>
        answerByTelephone(
          r,
          offerIdOf(scenario),
          {
            providerAccepts: false,
            declineCode,
            spokeWith: 'manager',
            noteId: undefined,
            numberFromDirectory: true,
            readBack: true,
          },
          k,
        ),
      );
    for (const declines of [declined, called]) {
      expect(declines('full').outcome).toBe('only-for-safety');
      expect(statuses(declines('safety-concern'))).toEqual(['declined']);
    }
  });

  it('asks the next service, without a hold, when the first declines', () => {
    const next = declines(aboveQuota(), 'full');
    expect([statuses(next), heldHolds(next)]).toEqual([['declined', 'open'], []]);
  });

  it('waits for its one answer after the soft deadline, and an alert states that nobody answered', () => {
    const softened = minutesPass(
      aboveQuota(),
      pack.urgencies.emergency.softDeadlineMs / minutes(1),
    );
    expect([statuses(softened), heldHolds(softened)]).toEqual([['softened'], []]);
    expect(alertsOf(softened)).toContain('nobody-answered');
  });

  it('names the place of last resort where no service can be asked, and still waits for the desk', () => {
    const nobody = aboveQuota([]);
    expect(nobody.referral.stage).toMatchObject({
      name: 'unplaced',
      placeOfLastResort: expect.any(String),
    });
    expect(stateName(nobody.referral)).toBe('waiting-for-desk');
    const opened = { ...nobody, services: shelters };
    const { serviceId } = shelters[0] ?? service('by-offer');
    expect(when(opened, serviceAvailable(serviceId)).outcome).toBe('not-searching');
    expect(statuses(confirms(opened))).toEqual(['holding', 'holding']);
  });

  it('can be ended by a coordinator, who may override no rule before it is confirmed', () => {
    const begun = aboveQuota();
    const does = (action: 'ask-service' | 'restart-search' | 'open-another-round' | 'end') =>
      when(begun, (r, k) =>
        override(r, { action, code: 'local-knowledge', serviceId: shelters[1]?.serviceId }, k),
      );
    for (const action of ['ask-service', 'restart-search', 'open-another-round'] as const)
      expect(does(action).outcome).toBe('waiting-for-desk');
    expect(does('end').referral).toMatchObject({ stage: { name: 'ended' }, alerts: [] });
  });
});

describe('an emergency above the quota that the desk confirms, or whose reference is registered', () => {
  it.each([
    ['confirmed', confirms],
    ['registered', registers],
  ])('is searched for with holds when %s, and the alert of the desk ends', (_how, continues) => {
    const searched = continues(aboveQuota());
    expect([stateName(searched.referral), statuses(searched)]).toEqual([
      'offered',
      ['open', 'holding'],
    ]);
    expect(heldHolds(searched)).toEqual([offerIdOf(searched, 1)]);
    expect(alertsOf(searched)).not.toContain('emergency-unconfirmed');
  });

  it.each([
    ['confirmed', confirms],
    ['registered', registers],
  ])('has its acceptance on standby confirmed when %s', (_how, continues) => {
    const confirming = continues(providerAccepts(aboveQuota()));
    expect([stateName(confirming.referral), heldHolds(confirming)]).toEqual([
      'confirming',
      [offerIdOf(confirming)],
    ]);
    expect(providerConfirms(confirming).referral.stage.name).toBe('awaiting-person');
  });

  it('is not confirmed twice, nor when it is over, nor where it was never above the quota', () => {
    expect(confirms(confirms(aboveQuota())).outcome).toBe('not-waiting-for-desk');
    expect(confirms(requestScenario(shelters)).outcome).toBe('not-waiting-for-desk');
    const over = when(aboveQuota(), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(confirms(over).outcome).toBe('already-over');
  });

  it('is searched for with holds when the only member with an unregistered reference leaves', () => {
    const party = requestScenario(shelters, { aboveQuota: true, party: ['no', 'no'] });
    const first = { ...withPermission(), permissions: [], decidedPurposes: [] };
    const left = when({ ...party, bases: asMap([first]) }, (r, k) =>
      withdrawReferral(r, { memberId: memberIdOf(party, 1), code: 'own-wish' }, k),
    );
    expect(left.types).toContain('ReferenceRegistered');
    expect(stateName(left.referral)).toBe('offered');
  });
});
