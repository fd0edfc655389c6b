import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { vaultSpoke } from './basis.ts';
import { nextClock, runningClocks } from './clocks.ts';
import { arrived } from './journey.ts';
import { monday, service } from './saga.fixture.ts';
import {
  alertsOf,
  asMap,
  awaitingPerson,
  begin,
  held,
  passes,
  permitted,
  promised,
  references,
  says,
  statuses,
  type Walk,
  when,
  yes,
} from './walk.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 8 }, () => service('by-offer'));
const nobody = { ...permitted(), permissions: [] };
const spoken = (walk: Walk, ...known: ReturnType<typeof permitted>[]): Walk =>
  when({ ...walk, bases: asMap(known) }, vaultSpoke);

describe('each wait ends by its clock', () => {
  it('without a basis: refused by name after two minutes', () => {
    const waiting = begin(shelters, { urgency: 'urgent', known: [nobody] });
    expect(waiting.types).toEqual(['ReferralRequested', 'BasisAwaited']);
    expect(passes(waiting, 2).events).toEqual([{ type: 'ReferralRefused', code: 'basis-missing' }]);
  });

  it('holding: after thirty seconds that service is not possible, and the next is asked', () => {
    const passed = passes(begin(shelters), 0.5);
    expect(passed.events[0]).toMatchObject({ type: 'ServiceNotPossible', code: 'no-answer' });
    expect(passed.types).toContain('ServiceAsked');
  });

  it('offered: reminded at a third and two thirds, softened at the hour with the next one asked, closed after a day', () => {
    const asked = held(begin(shelters, { urgency: 'urgent', known: [permitted()] }));
    expect(passes(asked, 61).types).toEqual(['OfferReminded']);
    expect(passes(asked, 121).types).toEqual(['OfferReminded', 'OfferReminded']);
    const soft = passes(asked, 180);
    expect(soft.types.slice(2)).toEqual(['OfferSoftened', 'SearchDecided', 'ServiceAsked']);
    expect(soft.referral.offers[0]).toMatchObject({ status: 'softened', holds: false });
    expect(passes(soft, 60 * 72).types).toContain('OfferClosed');
  });

  it('offered by one where two may be asked: with each reminder, whoever may be asked by now is', () => {
    const [first, silent] = [service('by-offer'), service('by-offer')];
    const asked = passes(held(begin([first, silent])), 1);
    expect(statuses(asked)).toEqual(['open', 'not-possible']);
    const heard = { ...silent, hint: { free: 1, asOf: after(asked.now, 1), roseAt: undefined, roseBy: undefined } };
    const reminded = passes({ ...asked, services: [first, heard] }, 19);
    expect(reminded.types).toEqual(['OfferReminded', 'SearchDecided', 'ServiceAsked']);
    expect(statuses(reminded)).toEqual(['open', 'not-possible', 'holding']);
  });

  it('offered: a reminder is never sent for what was answered', () => {
    const answered = promised(yes(held(begin(shelters))));
    expect(passes(answered, 50).types).not.toContain('OfferReminded');
  });

  it('offered at night: the soft clock waits until the office opens', () => {
    const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '09:00', closes: '11:00' }));
    // 09:00 UTC is 10:00 in Vienna: one of the three hours is left today, and two are left for tomorrow.
    const office = service('by-offer', { nightCover: false, openOnHolidays: true, openHours: weekdays });
    const asked = held(begin([office], { urgency: 'urgent', known: [permitted()] }));
    expect(passes(asked, 180).types).not.toContain('OfferSoftened');
    expect(passes(asked, 60 * 25 - 1).types).not.toContain('OfferSoftened');
    expect(passes(asked, 60 * 25).types).toContain('OfferSoftened');
  });

  it('offered on the eve of a holiday: soft clock and reminders wait until the office opens after it', () => {
    const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '09:00', closes: '11:00' }));
    // The day after the first Monday of 2026 is Epiphany.
    const office = service('by-offer', { nightCover: false, openHours: weekdays });
    const asked = held(begin([office], { urgency: 'urgent', known: [permitted()] }));
    const [offer] = asked.referral.offers;
    expect(offer?.reminders.filter((at) => at > monday + 60 * 60_000 && at < monday + 46 * 3_600_000)).toEqual([]);
    expect(passes(asked, 60 * 49 - 1).types).not.toContain('OfferSoftened');
    expect(passes(asked, 60 * 49).types).toContain('OfferSoftened');
  });

  it('duty: told when it is not acknowledged in half an hour', () =>
    expect(alertsOf(passes(held(begin([service('duty')])), 30))).toEqual(['duty-not-acknowledged']));

  it('duty: told once', () => {
    const told = passes(held(begin([service('duty')])), 30);
    expect(told.types.filter((type) => type === 'DutyUnacknowledged')).toHaveLength(1);
  });

  it('duty: told to nobody where the service said yes in time', () => {
    const accepted = promised(yes(held(begin([service('duty')]))));
    expect(alertsOf(passes(accepted, 31))).not.toContain('duty-not-acknowledged');
  });

  it('confirming: the next one after thirty seconds', () =>
    expect(passes(yes(yes(held(held(begin(shelters)), 1)), 1), 0.5).types).toEqual(['BedLost', 'ConfirmationAsked']));

  it('awaiting the person: the caseworker is told after two hours, and the place stays promised', () => {
    const passed = passes(awaitingPerson(shelters), 120);
    expect(alertsOf(passed)).toContain('person-not-asked');
    expect(statuses(passed)[0]).toBe('confirmed');
  });

  it('placed: told when no journey is arranged in an hour', () =>
    expect(alertsOf(passes(says(awaitingPerson(shelters), true), 60))).toEqual(['journey-not-arranged']));

  it('unregistered: told after a day', () =>
    expect(passes(begin(shelters), 60 * 24).events).toContainEqual(
      expect.objectContaining({ type: 'AlertRaised', code: 'reference-not-registered', ownerRole: 'caseworker' }),
    ));

  it('unregistered: no clock where everybody is registered', () => {
    const { referral } = begin(shelters, { urgency: 'urgent', known: [permitted()] });
    expect(runningClocks(referral).map(({ kind }) => kind)).not.toContain('registration');
  });

  it('unregistered: told after a day also where they have arrived, and not where the referral ended without a place', () => {
    const there = when(says(awaitingPerson(shelters), true), (r, k) =>
      arrived(r, r.offers[0]?.offerId ?? '', k.now, k),
    );
    expect(alertsOf(passes(there, 60 * 24))).toEqual(['reference-not-registered']);
    const withdrawn = when(begin(shelters), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(nextClock(withdrawn.referral)).toBeUndefined();
  });

  it('unregistered: the alert stays open through the arrival, and ends when the vault knows the reference', () => {
    const told = passes(begin(shelters), 60 * 24);
    const there = when(held(told, 2), (r, k) => arrived(r, r.offers[2]?.offerId ?? '', k.now, k));
    expect([there.referral.stage.name, alertsOf(there)]).toEqual(['arrived', ['reference-not-registered']]);
    for (const walk of [told, there])
      expect(alertsOf(spoken(walk, permitted()))).not.toContain('reference-not-registered');
  });

  it('unplaced: looked at again after a minute in silence, for what became free meanwhile', () => {
    const unplaced = begin([]);
    const found = passes({ ...unplaced, services: shelters.slice(0, 1) }, 1);
    expect(found.types).toEqual(['WaitExtended', 'SearchDecided', 'ServiceAsked']);
    const acknowledged = { ...unplaced, referral: { ...unplaced.referral, alerts: [] } };
    expect(passes(acknowledged, 1).types).toEqual(['WaitExtended']);
  });

  it('unplaced: looked at again every six hours, and the coordinator is told', () => {
    const unplaced = begin([]);
    expect(unplaced.referral.stage).toMatchObject({ name: 'unplaced', placeOfLastResort: expect.any(String) });
    const alone = { ...unplaced, referral: { ...unplaced.referral, alerts: [] } };
    expect(nextClock(alone.referral)?.kind).toBe('unplaced');
    const later = passes(passes(alone, 1), 60 * 6);
    expect(alertsOf(later)).toEqual(['unplaced']);
    expect(passes({ ...passes(alone, 1), services: shelters }, 60 * 6).types).toContain('ServiceAsked');
  });

  it('an alert: louder each time, and half as often', () => {
    const levels = (walk: Walk) => walk.events.filter((event) => event.type === 'AlertOverdue');
    const first = passes(begin([]), 30);
    expect(levels(first)).toMatchObject([{ level: 2, actBy: first.now + 2 * 3_600_000 }]);
    const second = passes(first, 120);
    expect(levels(second)).toMatchObject([{ level: 3, actBy: second.now + 4 * 3_600_000 }]);
  });

  it('more than a hundred that are overdue: a hundred pass at once, and the rest at the next look', () => {
    const unplaced = begin([]);
    const [alert] = unplaced.referral.alerts;
    if (!alert) throw new Error('an alert');
    const alerts = Array.from({ length: 101 }, (_, nth) => ({ ...alert, alertId: `a${nth}`, actBy: monday }));
    const hundred = passes({ ...unplaced, referral: { ...unplaced.referral, alerts } }, 0);
    expect(hundred.types).toEqual(Array.from({ length: 100 }, () => 'AlertOverdue'));
    expect(passes(hundred, 0).events).toMatchObject([{ type: 'AlertOverdue', alertId: 'a100' }]);
  });

  it('a service that let two offers pass in seven days is asked whether its vacancies are true', () => {
    const asked = (unansweredLately: number) => held(begin([service('by-offer', { unansweredLately })]));
    expect(alertsOf(passes(asked(0), 24 * 60))).not.toContain('silent-service');
    expect(alertsOf(passes(asked(1), 24 * 60))).toContain('silent-service');
  });
});

describe('the legal basis', () => {
  const searching = (): Walk => held(begin(shelters, { urgency: 'urgent', known: [permitted()] }));

  it('begins the search when the vault speaks', () => {
    const waiting = begin(shelters, { urgency: 'urgent', known: [nobody] });
    expect(spoken(waiting, permitted()).types).toEqual(['BasisFound', 'SearchDecided', 'ServiceAsked']);
  });

  it('of a party is needed for each one of it', () => {
    const party = ['no', 'no'] as const;
    const half = begin(shelters, { urgency: 'urgent', party, known: [permitted()] });
    expect(half.referral.stage.name).toBe('waiting-for-basis');
    expect(spoken(half, permitted(), permitted(1)).types).toContain('ServiceAsked');
  });

  it('that stands alone in an emergency is not lost because the vault has not spoken of a place yet', () =>
    expect(spoken(held(begin(shelters)), { ...nobody, spoken: false }).types).toEqual(['ReferenceRegistered']));

  it('that stands alone in an emergency gives way to the word of the vault: a permission that was taken back is none', () => {
    const permittedMeanwhile = spoken(held(begin(shelters)), permitted());
    expect(permittedMeanwhile.types).toEqual(['ReferenceRegistered']);
    expect(spoken(permittedMeanwhile, nobody).types).toEqual(
      expect.arrayContaining(['OfferWithdrawn', 'BasisLost', 'AlertRaised']),
    );
  });

  it('withdrawn: no new offer, the coordinator is told, and what was only asked is taken back', () => {
    const lost = spoken(searching(), nobody);
    expect(lost.types).toEqual(['OfferWithdrawn', 'BasisLost', 'AlertRaised']);
    expect(lost.referral.stage).toMatchObject({ name: 'waiting-for-basis', begun: true });
    expect(yes(lost).no).toBe('offer-withdrawn');
  });

  it.each([
    ['while nobody is left to ask', () => begin([], { urgency: 'urgent', known: [permitted()] })],
    ['while a yes is being confirmed', () => yes(searching())],
  ])('withdrawn %s: the referral waits for another basis', (_when, walk) =>
    expect(spoken(walk(), nobody).referral.stage).toMatchObject({ name: 'waiting-for-basis', begun: true }),
  );

  it('withdrawn: never releases a confirmed place', () => {
    const placed = says(promised(yes(searching())), true);
    const lost = spoken(placed, nobody);
    expect(lost.types).toEqual(['BasisLost', 'AlertRaised']);
    expect(lost.referral.offers[0]).toMatchObject({ status: 'confirmed', holds: true });
    const waiting = spoken(promised(yes(searching())), nobody);
    expect(waiting.referral.offers[0]).toMatchObject({ status: 'confirmed', holds: true });
  });

  it('withdrawn for long: the caseworker is told, and nobody is refused who was being helped', () => {
    const lost = spoken(searching(), nobody);
    expect(alertsOf(passes(lost, 60 * 12))).toContain('basis-missing');
    expect(spoken(passes(lost, 60 * 12), permitted()).types).toContain('ServiceAsked');
  });

  it('given again goes on with the search that it had stopped, also where a no came meanwhile', () => {
    const noPlace = says(spoken(promised(yes(searching())), nobody), false);
    expect(noPlace.referral.stage.name).toBe('unplaced');
    expect(spoken(noPlace, permitted()).types).toContain('ServiceAsked');
  });

  it('that now covers somebody more is used at once by a referral that found nobody', () => {
    const few = permitted();
    const narrow = {
      ...few,
      permissions: few.permissions.map((one) => ({ ...one, receivers: { ...one.receivers, serviceClasses: [] } })),
    };
    const unplaced = begin(shelters, { urgency: 'urgent', known: [narrow] });
    expect(unplaced.referral.stage.name).toBe('unplaced');
    expect(spoken(unplaced, permitted()).types).toEqual(['SearchDecided', 'ServiceAsked']);
  });

  it('keeps apart: a pair made later reaches the referral, once', () => {
    const pair = { ...permitted(), apartIds: ['apart'] };
    const told = spoken(searching(), pair);
    expect(told.events).toEqual([{ type: 'ApartAdded', apartId: 'apart' }]);
    expect(spoken(told, pair).no).toBe('nothing-changes');
    expect(references).toContain(pair.caseReference);
  });
});
