import { minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { answerByTelephone, declineOffer, logCallAttempt, readProfile, type TelephoneCall } from './answers.ts';
import { bedConfirmed, bedNotAvailable } from './confirming.ts';
import { arrived } from './journey.ts';
import { bedHeld, holdRefused } from './offering.ts';
import { service } from './saga.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  begin,
  held,
  id,
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
const asked = (): Walk => held(held(begin(shelters)), 1);
const declines = (walk: Walk, code = 'full', nth = 0): Walk =>
  when(walk, (r, k) => declineOffer(r, id(walk, nth), { code, noteId: undefined }, k));
const call: TelephoneCall = {
  ...{ yes: true, declineCode: undefined, spokeWith: 'manager', noteId: undefined },
  ...{ numberFromDirectory: true, readBack: true },
};
const phones = (walk: Walk, change: Partial<TelephoneCall> = {}, nth = 0): Walk =>
  when(walk, (r, k) => answerByTelephone(r, id(walk, nth), { ...call, ...change }, k));

describe('the provider', () => {
  it('is confirmed at the first yes, and stands by at the second', () => {
    const first = yes(asked());
    expect(first.types).toEqual(['OfferAccepted', 'ConfirmationAsked']);
    expect(statuses(first)[0]).toBe('confirming');
    expect(yes(first, 1).types).toEqual(['OfferAccepted', 'OfferStoodBy']);
  });

  it('may say yes late, after its hold was given back', () => {
    const late = passes(asked(), 61);
    expect(statuses(late).slice(0, 2)).toEqual(['softened', 'softened']);
    expect(yes(late).types).toEqual(['OfferAccepted', 'ConfirmationAsked']);
  });

  it('may say yes late, also when nobody is left to ask', () => {
    const unplaced = passes(held(begin([service('by-offer')])), 61);
    expect(unplaced.referral.stage.name).toBe('unplaced');
    expect(yes(unplaced).types).toEqual(['OfferAccepted', 'ConfirmationAsked']);
  });

  it('is told why an answer comes too late', () => {
    expect(yes(yes(asked())).no).toBe('already-answered');
    expect(yes(declines(asked())).no).toBe('already-declined');
    expect(yes(passes(asked(), 24 * 60 + 1)).no).toBe('offer-closed');
    expect(yes(says(awaitingPerson(shelters), true), 1).no).toBe('offer-withdrawn');
    expect(when(asked(), (r, k) => declineOffer(r, 'foreign', { code: 'full', noteId: undefined }, k)).no).toBe(
      'not-found',
    );
  });

  it('is told why a no comes too late', () => {
    expect(declines(declines(asked())).no).toBe('already-declined');
    expect(declines(passes(asked(), 24 * 60 + 1)).no).toBe('offer-closed');
    expect(declines(says(awaitingPerson(shelters), true), 'full', 1).no).toBe('offer-withdrawn');
    expect(declines(begin(shelters)).no).toBe('not-found');
  });

  it('says no, its hold is given back, and the next one is asked', () => {
    expect(declines(asked()).referral.offers[0]).toMatchObject({ status: 'declined', holds: false });
    expect(declines(asked()).types).toEqual(['OfferDeclined', 'SearchDecided', 'ServiceAsked']);
  });

  it('may not say no where the law makes it take people', () => {
    const duty = held(begin([service('duty')]));
    expect(declines(duty).no).toBe('may-not-decline');
    expect(phones(duty, { yes: false }).no).toBe('may-not-decline');
  });

  it('by contract is placed at once, and objects for safety only', () => {
    const direct = held(begin([service('direct')]));
    expect(direct.types).toEqual(['OfferAccepted', 'ConfirmationAsked']);
    expect(declines(promised(direct)).no).toBe('only-for-safety');
    const objected = declines(promised(direct), 'safety-concern');
    expect(objected.types).toContain('BedLost');
    expect(alertsOf(objected)).toContain('place-lost');
  });
});

describe('an answer by telephone', () => {
  it('that is a no keeps its code, and needs none', () => {
    const no = (declineCode: string | undefined) => phones(asked(), { yes: false, declineCode }).referral.offers[0];
    expect(no('full')).toMatchObject({ status: 'declined', code: 'full' });
    expect(no(undefined)).toMatchObject({ status: 'declined', code: 'other' });
  });

  it('that was a no is confirmed by the provider’s own no, and denied by its own yes', () => {
    const said = phones(asked(), { yes: false, declineCode: 'full' });
    expect(declines(said).types).toEqual(['TelephoneAnswerConfirmed']);
    expect(yes(said).types).toEqual(['TelephoneAnswerDenied', 'AlertRaised']);
  });

  it('acts at once as the own yes', () =>
    expect(phones(asked()).types).toEqual(['AnsweredByTelephone', 'OfferAccepted', 'ConfirmationAsked']));

  it('needs the number of the directory, and to be read back', () => {
    expect(phones(asked(), { numberFromDirectory: false }).no).toBe('number-not-from-directory');
    expect(phones(asked(), { readBack: false }).no).toBe('not-read-back');
  });

  it('is confirmed by the provider itself, or denied: then somebody is told and nothing is undone', () => {
    const said = phones(asked());
    expect(yes(said).types).toEqual(['TelephoneAnswerConfirmed']);
    const denied = declines(said);
    expect(denied.types).toEqual(['TelephoneAnswerDenied', 'AlertRaised']);
    expect(alertsOf(denied)).toEqual(['telephone-answer-denied']);
    expect(denied.referral.stage).toEqual(said.referral.stage);
  });

  it('raises an alert when nobody has confirmed it by the next noon', () => {
    const said = phones(asked());
    const noon = said.referral.offers[0]?.telephone?.confirmBy ?? Number.NaN;
    const passed = passes(promised(said), (noon - said.now) / minutes(1));
    expect(passed.types).toContain('TelephoneAnswerUnconfirmed');
    expect(alertsOf(passed)).toContain('telephone-answer-unconfirmed');
    expect(passed.referral.offers[0]?.telephone).toBeUndefined();
  });

  it('is none for an offer of another referral, nor is an attempt; an attempt is none after the offer ended', () => {
    const tries = (walk: Walk, offerId: string): Walk => when(walk, (r) => logCallAttempt(r, offerId, 'no-answer'));
    expect(when(asked(), (r, k) => answerByTelephone(r, 'foreign', call, k)).no).toBe('not-found');
    expect(tries(asked(), 'foreign').no).toBe('not-found');
    const declined = declines(asked());
    expect(tries(declined, id(declined)).no).toBe('offer-closed');
  });

  it('that was only tried stops no clock', () => {
    const tried = when(asked(), (r) => logCallAttempt(r, r.offers[0]?.offerId ?? '', 'no-answer'));
    expect(tried.referral.offers[0]).toMatchObject({ attempts: 1, softAt: asked().referral.offers[0]?.softAt });
  });
});

describe('the coded profile', () => {
  const reads = (walk: Walk, nth = 0): Walk =>
    when(walk, (r, k) => readProfile(r, id(walk, nth), { person: 'staff', purpose: 'offer' }, k));

  it('is read while the offer lives, and each read is told', () => {
    expect(reads(asked()).types).toEqual(['ProfileRead']);
    expect(reads(awaitingPerson(shelters)).types).toEqual(['ProfileRead']);
  });

  it('is nobody’s before there is an offer, after a no, and after the end', () => {
    expect(reads(begin(shelters)).no).toBe('not-found');
    expect(reads(declines(asked())).no).toBe('not-found');
    const over = when(awaitingPerson(shelters), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(reads(over).no).toBe('not-found');
    const placed = says(awaitingPerson(shelters), true);
    expect(reads(when(placed, (r, k) => arrived(r, id(placed), k.now, k))).no).toBe('not-found');
  });
});

it('a hold that is refused is no hold any more', () => {
  const refused = when(begin(shelters), (r, k) => holdRefused(r, r.offers[0]?.offerId ?? '', 'not-possible-here', k));
  expect(refused.referral.offers[0]).toMatchObject({ status: 'not-possible', holds: false });
});

it('a hold of another referral is not refused here', () =>
  expect(when(begin(shelters), (r, k) => holdRefused(r, 'foreign', 'not-possible-here', k)).no).toBe(
    'not-an-offer-of-this-referral',
  ));

it('a hold that is said twice makes one offer', () =>
  expect(held(held(begin(shelters))).no).toBe('hold-already-answered'));

it('a hold that is refused after its offer was made changes nothing', () => {
  const offered = asked();
  expect(when(offered, (r, k) => holdRefused(r, id(offered), 'not-possible-here', k)).no).toBe('hold-already-answered');
});

describe('a contracted bed', () => {
  it('can be refused for safety while it is being confirmed, and an offer of another kind cannot', () => {
    const direct = held(begin([service('direct')]));
    expect(direct.referral.stage.name).toBe('confirming');
    expect(declines(direct).no).toBe('only-for-safety');
    expect(declines(direct, 'safety-concern').types).toContain('BedLost');
    expect(declines(yes(asked()), 'safety-concern').no).toBe('offer-withdrawn');
  });
});

describe('confirming', () => {
  const gone = (walk: Walk, nth = 0): Walk =>
    when(walk, (r, k) => bedNotAvailable(r, id(walk, nth), 'not-possible-here', k));

  it('is not disturbed by another place that is lost, nor is an arrival by its own', () => {
    const confirming = yes(asked());
    expect(gone(confirming, 1).no).toBe('not-the-current-place');
    expect(gone(begin(shelters)).no).toBe('not-the-current-place');
    const there = when(promised(confirming), (r, k) => arrived(r, id(confirming), k.now, k));
    expect(gone(there).no).toBe('not-the-current-place');
  });

  it('tries the yes that stands by when the first cannot be kept', () => {
    const lost = gone(yes(yes(asked()), 1));
    expect(lost.types).toEqual(['BedLost', 'ConfirmationAsked']);
    expect(lost.referral.stage).toMatchObject({ name: 'confirming', offerId: id(lost, 1) });
  });

  it('tells the coordinator after the third failure, not before', () => {
    let walk = begin(shelters);
    for (const nth of [0, 1, 2]) {
      expect(alertsOf(walk)).not.toContain('confirmation-keeps-failing');
      walk = gone(yes(held(walk, nth), nth), nth);
    }
    expect(alertsOf(walk)).toContain('confirmation-keeps-failing');
  });

  it('counts failures anew once a bed is promised', () => {
    const second = yes(held(gone(yes(asked()))), 1);
    expect(second.referral.failedConfirmations).toBe(1);
    expect(promised(second, 1).referral.failedConfirmations).toBe(0);
  });

  it('that fails leaves the urgency as it is', () => {
    const urgent = yes(held(begin(shelters, { urgency: 'urgent', known: [permitted()] })));
    expect(gone(urgent).referral.urgency).toBe('urgent');
    expect(gone(promised(urgent)).referral.urgency).toBe('emergency');
  });

  it('takes a promise once: the second message of the same one gives nothing back', () => {
    const placed = awaitingPerson(shelters);
    const twice = when(placed, (r, k) => bedConfirmed(r, id(placed), k));
    expect([twice.types, twice.no]).toEqual([[], 'already-confirmed']);
  });

  it('gives back a promise that nobody waits for, and a hold that came late', () => {
    const late = when(passes(yes(asked()), 1), (r, k) => bedConfirmed(r, r.offers[0]?.offerId ?? '', k));
    expect(late.types).toEqual(['StaleConfirmationReleased']);
    const other = yes(held(begin(shelters)));
    const aside = when(other, (r, k) => bedHeld(r, id(other, 1), k));
    expect(aside.types).toEqual(['OfferSetAside']);
    expect(aside.referral.offers[1]).toMatchObject({ status: 'set-aside', holds: false });
  });

  it('searches anew as an emergency when a promised bed is lost', () => {
    const lost = gone(says(awaitingPerson(shelters), true));
    expect(lost.referral.urgency).toBe('emergency');
    expect(alertsOf(lost)).toEqual(['place-lost']);
    expect(lost.referral.offers[0]).toMatchObject({ status: 'lost', holds: false, code: 'not-possible-here' });
    expect(lost.types).toContain('ServiceAsked');
  });
});
