import { after, hours } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { declineOffer } from './answers.ts';
import { arrived, didNotArrive, recordCollected } from './journey.ts';
import { type OverrideAction, override } from './override.ts';
import { mint, service } from './saga.fixture.ts';
import { serviceSuspended } from './suspension.ts';
import {
  alertsOf,
  arranged,
  awaitingPerson,
  begin,
  held,
  id,
  memberId,
  passes,
  permitted,
  promised,
  says,
  statuses,
  type Walk,
  when,
  yes,
} from './walk.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 6 }, () => service('by-offer'));
const withdraws = (walk: Walk, member?: string): Walk =>
  when(walk, (r, k) => withdrawReferral(r, { memberId: member, code: 'own-wish' }, k));

describe('the person', () => {
  it('is waited for while the others stay open, and agrees: only then are they withdrawn', () => {
    const waiting = awaitingPerson(shelters);
    expect(statuses(waiting)).toEqual(['confirmed', 'open']);
    const agreed = says(waiting, true);
    expect(agreed.types).toEqual(['MemberAgreed', 'PersonAgreed', 'OfferWithdrawn']);
    expect(agreed.referral.stage.name).toBe('placed');
  });

  it('agrees: an offer that had ended before stays as it ended', () => {
    const asked = held(held(begin(shelters)), 1);
    const declined = when(asked, (r, k) => declineOffer(r, id(asked, 1), { code: 'full', noteId: undefined }, k));
    const agreed = says(promised(yes(declined)), true);
    expect(statuses(agreed).slice(0, 2)).toEqual(['confirmed', 'declined']);
  });

  it('says no, and the search goes on elsewhere, or the yes that stands by is tried', () => {
    const no = says(awaitingPerson(shelters), false);
    expect(no.types).toEqual(['PersonDeclined', 'SearchDecided', 'ServiceAsked']);
    expect(no.referral.offers[0]?.holds).toBe(false);
    const standing = says(yes(awaitingPerson(shelters), 1), false);
    expect(standing.types).toEqual(['PersonDeclined', 'ConfirmationAsked']);
  });

  it('is asked about the confirmed place only, and once', () => {
    expect(says(held(begin(shelters)), true).no).toBe('not-awaiting-the-person');
    expect(says(awaitingPerson(shelters), true, 0, true, 1).no).toBe('not-the-confirmed-offer');
    const pair = awaitingPerson(shelters, { party: ['no', 'no'] });
    expect(says(says(pair, true), true).no).toBe('already-agreed');
    expect(says(pair, true, 2).no).toBe('not-found');
  });

  it('who is a child, or may be one, is heard first', () => {
    const family = awaitingPerson(shelters, { party: ['no', 'unsure'] });
    expect(says(family, true, 1, false).no).toBe('child-view-not-heard');
    expect(says(family, true, 1, true).types).toEqual(['MemberAgreed']);
    expect(says(family, true, 0, false).types).toEqual(['MemberAgreed']);
  });

  it('who leaves a party is seen to, and the others are asked again', () => {
    const one = says(awaitingPerson(shelters, { party: ['no', 'no', 'no'] }), true);
    const left = says(one, false, 1);
    expect(left.types).toEqual(['MemberLeft', 'AlertRaised', 'WaitExtended']);
    expect(left.referral.stage).toMatchObject({ name: 'awaiting-person', agreed: [] });
    expect(says(says(left, true, 0), true, 1).types).toContain('PersonAgreed');
  });
});

describe('withdrawal', () => {
  it('gives back all that is held, at any step before the arrival', () => {
    for (const walk of [begin(shelters), awaitingPerson(shelters), arranged(says(awaitingPerson(shelters), true))]) {
      const over = withdraws(walk);
      expect(over.referral.stage.name).toBe('withdrawn');
      expect(over.referral.offers.filter((offer) => offer.holds)).toEqual([]);
    }
  });

  it('of one member lets the others go on', () => {
    const pair = awaitingPerson(shelters, { party: ['no', 'no'] });
    const left = withdraws(pair, memberId(pair));
    expect(left.types).toContain('MemberLeft');
    expect(left.referral.stage.name).toBe('awaiting-person');
  });

  it('of somebody who is alone in the referral ends it, also where they are named', () => {
    const alone = begin(shelters);
    expect(withdraws(alone, memberId(alone)).referral.stage.name).toBe('withdrawn');
  });

  it('is refused after the end, and for somebody unknown', () => {
    expect(withdraws(withdraws(begin(shelters))).no).toBe('already-over');
    expect(withdraws(begin(shelters), 'nobody').no).toBe('not-found');
  });
});

describe('the journey', () => {
  const onTheWay = arranged(says(awaitingPerson(shelters), true));

  it('must lie ahead, in order, and not too far', () => {
    const placed = says(awaitingPerson(shelters), true);
    expect(arranged(placed, -61).no).toBe('collect-in-the-past');
    expect(arranged(placed, 30, 20).no).toBe('arrive-before-collect');
    expect(arranged(placed, 30, 60 * 24 * 30 + 1).no).toBe('too-far-ahead');
    expect(arranged(placed, 30, 60 * 24 * 30).types).toEqual(['JourneyArranged']);
    expect(arranged(awaitingPerson(shelters)).no).toBe('not-placed');
    expect(arranged(placed, -60).types).toEqual(['JourneyArranged']);
    expect(arranged(placed, 30, 30).types).toEqual(['JourneyArranged']);
  });

  it('is none before there is a place, and none after the arrival', () => {
    const waiting = awaitingPerson(shelters);
    const misses = (walk: Walk): Walk => when(walk, (r, k) => didNotArrive(r, id(walk), k));
    expect(misses(waiting).no).toBe('no-journey');
    const there = when(onTheWay, (r, k) => arrived(r, id(onTheWay), k.now, k));
    expect(misses(there).no).toBe('no-journey');
  });

  it('is collected for only once it is arranged, and may be arranged anew', () => {
    expect(when(says(awaitingPerson(shelters), true), recordCollected).no).toBe('no-journey');
    expect(arranged(onTheWay, 40, 100).types).toEqual(['JourneyArranged']);
  });

  it('that was never arranged can fail too: the shelter waited in vain', () => {
    const placed = says(awaitingPerson(shelters), true);
    expect(alertsOf(when(placed, (r, k) => didNotArrive(r, id(placed), k)))).toEqual(['did-not-arrive']);
  });

  it('that nobody was collected for raises an alert an hour after its time', () => {
    expect(passes(onTheWay, 89).no).toBe('nothing-due');
    const missed = passes(onTheWay, 90);
    expect(alertsOf(missed)).toEqual(['not-collected']);
    expect(missed.referral.offers[0]?.holds).toBe(true);
  });

  it('that did not end raises another', () => {
    const collected = when(onTheWay, recordCollected, 30);
    expect(when(collected, recordCollected).no).toBe('already-collected');
    expect(alertsOf(passes(collected, 120))).toEqual(['did-not-arrive']);
  });

  it('is believed to have failed from the shelter of the place only', () => {
    expect(when(onTheWay, (r, k) => didNotArrive(r, id(onTheWay, 1), k)).no).toBe('not-the-current-place');
    expect(alertsOf(when(onTheWay, (r, k) => didNotArrive(r, id(onTheWay), k)))).toEqual(['did-not-arrive']);
  });

  it('that failed keeps its bed twelve hours for another try, and then gives it back', () => {
    const failed = when(onTheWay, (r, k) => didNotArrive(r, id(onTheWay), k));
    expect(arranged(failed).types).toEqual(['JourneyArranged']);
    const later = passes(failed, 12 * 60);
    expect(later.types).toContain('BedGivenBack');
    expect(later.referral.offers[0]).toMatchObject({ status: 'lost', code: 'did-not-arrive' });
    expect(later.referral.offers.filter((offer) => offer.holds)).toEqual([]);
    expect(arranged(later).no).toBe('bed-given-back');
    expect(later.referral.stage).toMatchObject({ until: after(later.now, hours(12)) });
  });
});

describe('the coordinator decides instead of the rule', () => {
  const decides = (walk: Walk, action: OverrideAction, code = 'local-knowledge', serviceId?: string): Walk =>
    when(walk, (r, k) => override(r, { action, code, serviceId }, k));
  const unvetted = service('by-offer', { accreditedUntil: undefined });
  const asked = (): Walk => held(begin([...shelters, unvetted]));

  it('but never over an accreditation', () => {
    expect(decides(asked(), 'ask-service', 'x', unvetted.serviceId).no).toBe('not-accredited');
    expect(decides(asked(), 'ask-service', 'x', mint()).no).toBe('unknown-service');
    const [first] = asked().referral.offers;
    expect(decides(asked(), 'ask-service', 'x', first?.serviceId).no).toBe('service-already-asked');
    const fresh = shelters.find((one) => !asked().referral.offers.some((offer) => offer.serviceId === one.serviceId));
    expect(decides(asked(), 'ask-service', 'x', fresh?.serviceId).types).toEqual(['Overridden', 'ServiceAsked']);
  });

  it('searches anew: the place that the person did not want is not asked again', () => {
    const placed = says(awaitingPerson(shelters), true);
    expect(statuses(decides(placed, 'search-anew', 'wish-of-the-person'))[0]).toBe('person-declined');
    expect(statuses(decides(placed, 'search-anew'))[0]).toBe('withdrawn');
    expect(decides(asked(), 'search-anew').types.slice(0, 2)).toEqual(['Overridden', 'RoundOpened']);
  });

  it('only after there is a basis, but for the end', () => {
    const waiting = begin(shelters, { urgency: 'urgent', known: [{ ...permitted(), permissions: [] }] });
    expect(decides(waiting, 'search-anew').no).toBe('waiting-for-basis');
    expect(decides(waiting, 'end').referral.stage.name).toBe('ended');
    expect(decides(passes(waiting, 2), 'end').no).toBe('already-over');
  });

  it('opens another round: where nobody can be asked the referral stays unplaced', () => {
    const unplaced = begin([]);
    expect(decides(unplaced, 'open-another-round').referral.stage).toEqual(unplaced.referral.stage);
  });

  it('ends it: everything is given back, and nothing more is decided', () => {
    const over = decides(awaitingPerson(shelters), 'end');
    expect(over.referral.offers.filter((offer) => offer.holds)).toEqual([]);
    expect(decides(over, 'end').no).toBe('already-over');
    expect(decides(awaitingPerson(shelters), 'open-another-round').no).toBe('not-searching');
  });

  it('asks a service by name while a place is sought or nobody is left, and not where there is one', () => {
    const named = service('by-offer', { region: 'lakes' });
    const asks = (walk: Walk): Walk =>
      decides({ ...walk, services: [...walk.services, named] }, 'ask-service', 'local-knowledge', named.serviceId);
    expect(asks(begin([])).types).toEqual(['Overridden', 'ServiceAsked']);
    expect(asks(awaitingPerson(shelters)).no).toBe('not-searching');
  });
});

describe('a service that is suspended', () => {
  const suspends = (walk: Walk): Walk =>
    when(accreditedBut(walk, walk.referral.offers[0]?.serviceId), (r, k) =>
      serviceSuspended(r, r.offers[0]?.serviceId ?? '', k),
    );
  const accreditedBut = (walk: Walk, serviceId: string | undefined): Walk => ({
    ...walk,
    services: walk.services.filter((one) => one.serviceId !== serviceId),
  });

  it('is told nothing more, and loses what it was about to promise', () => {
    expect(suspends(held(begin(shelters))).types[0]).toBe('OfferWithdrawn');
    expect(suspends(yes(held(begin(shelters)))).types).toContain('BedLost');
  });

  it('keeps a promised place until a person has looked', () => {
    const looked = suspends(says(awaitingPerson(shelters), true));
    expect(looked.types).toEqual(['AlertRaised']);
    expect(alertsOf(looked)).toEqual(['service-suspended']);
    expect(looked.referral.stage.name).toBe('placed');
  });
});
