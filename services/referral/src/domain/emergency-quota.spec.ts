import { minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { answerByTelephone, declineOffer } from './answers.ts';
import { ageChanged, vaultSpoke } from './basis.ts';
import { nextClock } from './clocks.ts';
import { confirmEmergency } from './confirm-emergency.ts';
import { countsToQuota, isAboveQuota } from './emergency-quota.ts';
import { mayFit } from './may-fit.ts';
import { override } from './override.ts';
import { stateName } from './referral.ts';
import { pack, service } from './saga.fixture.ts';
import { saidIn } from './said.fixture.ts';
import {
  alertsOf,
  asMap,
  begin,
  id,
  memberId,
  passes,
  permitted,
  promised,
  references,
  statuses,
  type Walk,
  when,
  yes,
} from './walk.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 4 }, () => service('by-offer'));
const aboveQuota = (services = shelters): Walk => begin(services, { aboveQuota: true });
const confirms = (walk: Walk): Walk => when(walk, confirmEmergency);
const registers = (walk: Walk): Walk => {
  const registered = references.map((reference) => ({
    ...permitted(),
    caseReference: reference,
    spoken: false,
    permissions: [],
  }));
  return when({ ...walk, bases: asMap(registered) }, vaultSpoke);
};
const heldFor = (walk: Walk): string[] => saidIn(walk.history).held;
const says = (walk: Walk, code: string): Walk =>
  when(walk, (r, k) => declineOffer(r, id(walk), { code, noteId: undefined }, k));

describe('the quota of emergencies', () => {
  const { perPerson, perOrganisation } = pack.emergencyQuota;

  it.each([
    ['the last person within both limits', 1, perPerson - 1, perOrganisation - 1, false],
    ['one more than the limit of the person who asks', 1, perPerson, perPerson, true],
    ['one more than the limit of the organisation', 1, 0, perOrganisation, true],
    ['a party of which one member is too many', 3, perPerson - 2, 0, true],
    ['a party that fits', 2, perPerson - 2, 0, false],
  ])('counts people: %s', (_what, people, byPerson, byOrganisation, above) =>
    expect(isAboveQuota(people, { byPerson, byOrganisation }, pack)).toBe(above),
  );

  it('counts an emergency until its reference is registered or it is over, and no other urgency', () => {
    const emergency = begin(shelters);
    expect(countsToQuota(emergency.referral)).toBe(true);
    expect(countsToQuota(registers(emergency).referral)).toBe(false);
    const withdrawn = when(emergency, (r, k) => withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k));
    expect(countsToQuota(withdrawn.referral)).toBe(false);
    const unregistered = { ...permitted(), registered: false };
    const urgent = begin(shelters, { urgency: 'urgent', known: [unregistered] }).referral;
    expect([urgent.registered, countsToQuota(urgent)]).toEqual([false, false]);
  });

  it('counts an emergency whose registration is overdue: nobody has registered it', () => {
    const overdue = passes(begin(shelters), pack.clocks.registerReferenceMs / minutes(1));
    expect(overdue.types).toContain('RegistrationOverdue');
    expect(countsToQuota(overdue.referral)).toBe(true);
    expect(registers(overdue).types).toContain('ReferenceRegistered');
  });
});

describe('an emergency above the quota', () => {
  it('is accepted and waits for the desk, which is told at once; one service is asked and nothing is held', () => {
    const begun = aboveQuota();
    expect(begun.types).toEqual([
      'ReferralRequested',
      'DeskAwaited',
      'AlertRaised',
      'SearchDecided',
      'ServiceAsked',
      'OfferMade',
    ]);
    expect([stateName(begun.referral), statuses(begun), heldFor(begun)]).toEqual(['waiting-for-desk', ['open'], []]);
    expect(begun.referral.alerts[0]).toMatchObject({ code: 'emergency-unconfirmed', ownerRole: 'coordinator' });
  });

  it('with a registered reference is no such emergency', () =>
    expect(
      stateName(begin(shelters, { aboveQuota: true, known: [permitted()], basis: 'vital-interest' }).referral),
    ).toBe('searching'));

  it('that is withdrawn does not wait for the desk', () => {
    const withdrawn = when(aboveQuota(), (r, k) => withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k));
    expect(stateName(withdrawn.referral)).toBe('withdrawn');
  });

  it('tells the desk again at each deadline', () => {
    const first = aboveQuota();
    const due = pack.clocks.confirmEmergencyMs / minutes(1);
    const second = passes(first, due);
    expect(second.types).toContain('DeskAwaited');
    expect(second.referral.deskBy).toBe(second.now + pack.clocks.confirmEmergencyMs);
    expect(nextClock(second.referral)?.due).toBeLessThanOrEqual(second.referral.deskBy ?? 0);
    expect(passes(second, due).types).toContain('DeskAwaited');
  });

  it.each([
    ['its service says yes', (walk: Walk) => yes(walk)],
    [
      'a yes is recorded by telephone',
      (walk: Walk) =>
        when(walk, (r, k) =>
          answerByTelephone(
            r,
            id(walk),
            {
              yes: true,
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
    ['an age changes', (walk: Walk) => when(yes(walk), ageChanged)],
  ])('keeps the yes on standby, and holds nothing, when %s', (_what, happens) => {
    const standing = happens(aboveQuota());
    expect([stateName(standing.referral), statuses(standing), heldFor(standing)]).toEqual([
      'waiting-for-desk',
      ['standby'],
      [],
    ]);
  });

  it('keeps the yes of a contract on standby', () =>
    expect(statuses(aboveQuota([service('direct')]))).toEqual(['standby']));

  it('is declined by a contract for safety alone, on the page and by telephone', () => {
    const walk = aboveQuota([service('direct')]);
    const declined = (code: string): Walk =>
      when(walk, (r, k) => declineOffer(r, id(walk), { code, noteId: undefined }, k));
    const called = (declineCode: string): Walk =>
      when(walk, (r, k) =>
        answerByTelephone(
          r,
          id(walk),
          {
            yes: false,
            declineCode,
            spokeWith: 'manager',
            noteId: undefined,
            numberFromDirectory: true,
            readBack: true,
          },
          k,
        ),
      );
    for (const says of [declined, called]) {
      expect(says('full').no).toBe('only-for-safety');
      expect(statuses(says('safety-concern'))).toEqual(['declined']);
    }
  });

  it('asks the next service, without a hold, when the first says no', () => {
    const next = says(aboveQuota(), 'full');
    expect([statuses(next), heldFor(next)]).toEqual([['declined', 'open'], []]);
  });

  it('waits for its one answer after the soft deadline, and the desk is told that nobody answered', () => {
    const softened = passes(aboveQuota(), pack.urgencies.emergency.softMs / minutes(1));
    expect([statuses(softened), heldFor(softened)]).toEqual([['softened'], []]);
    expect(alertsOf(softened)).toContain('nobody-answered');
  });

  it('names the place of last resort where nobody can be asked, and still waits for the desk', () => {
    const nobody = aboveQuota([]);
    expect(nobody.referral.stage).toMatchObject({ name: 'unplaced', placeOfLastResort: expect.any(String) });
    expect(stateName(nobody.referral)).toBe('waiting-for-desk');
    const opened = { ...nobody, services: shelters };
    const { serviceId } = shelters[0] ?? service('by-offer');
    expect(when(opened, mayFit(serviceId)).no).toBe('not-waiting');
    expect(statuses(confirms(opened))).toEqual(['holding', 'holding']);
  });

  it('can be ended by the desk, and no rule of it overridden before it is confirmed', () => {
    const begun = aboveQuota();
    const does = (action: 'ask-service' | 'search-anew' | 'open-another-round' | 'end') =>
      when(begun, (r, k) => override(r, { action, code: 'local-knowledge', serviceId: shelters[1]?.serviceId }, k));
    for (const action of ['ask-service', 'search-anew', 'open-another-round'] as const)
      expect(does(action).no).toBe('waiting-for-desk');
    expect(does('end').referral).toMatchObject({ stage: { name: 'ended' }, alerts: [] });
  });
});

describe('an emergency above the quota that the desk confirms, or whose reference is registered', () => {
  it.each([
    ['confirmed', confirms],
    ['registered', registers],
  ])('is searched for in full when %s, and the alert of the desk ends', (_how, goesOn) => {
    const searched = goesOn(aboveQuota());
    expect([stateName(searched.referral), statuses(searched)]).toEqual(['offered', ['open', 'holding']]);
    expect(heldFor(searched)).toEqual([id(searched, 1)]);
    expect(alertsOf(searched)).not.toContain('emergency-unconfirmed');
  });

  it.each([
    ['confirmed', confirms],
    ['registered', registers],
  ])('has the yes that stands by confirmed when %s', (_how, goesOn) => {
    const confirming = goesOn(yes(aboveQuota()));
    expect([stateName(confirming.referral), heldFor(confirming)]).toEqual(['confirming', [id(confirming)]]);
    expect(promised(confirming).referral.stage.name).toBe('awaiting-person');
  });

  it('is not confirmed twice, nor when it is over, nor where it was never above the quota', () => {
    expect(confirms(confirms(aboveQuota())).no).toBe('not-waiting-for-desk');
    expect(confirms(begin(shelters)).no).toBe('not-waiting-for-desk');
    const over = when(aboveQuota(), (r, k) => withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k));
    expect(confirms(over).no).toBe('already-over');
  });

  it('is searched for in full when the one member leaves whose reference is not registered', () => {
    const party = begin(shelters, { aboveQuota: true, party: ['no', 'no'] });
    const first = { ...permitted(), permissions: [], spoken: false };
    const left = when({ ...party, bases: asMap([first]) }, (r, k) =>
      withdrawReferral(r, { memberId: memberId(party, 1), code: 'own-wish' }, k),
    );
    expect(left.types).toContain('ReferenceRegistered');
    expect(stateName(left.referral)).toBe('offered');
  });
});
