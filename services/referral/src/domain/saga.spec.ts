import { after, type Decision, type Instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesOf } from '../adapters/published.ts';
import { acceptOffer, answerByTelephone, declineOffer } from './answers.ts';
import { capacityRose, nextClock, runningClocks, timePasses } from './clocks.ts';
import { bedConfirmed, bedNotAvailable } from './confirming.ts';
import type { ReferralEvent } from './events.ts';
import type { Knowledge } from './in-turn.ts';
import { arrangeJourney, arrived, didNotArrive, recordCollected } from './journey.ts';
import type { OfferStatus } from './offer.ts';
import { bedHeld, holdRefused } from './offering.ts';
import { override } from './override.ts';
import { recordPersonAnswer } from './person.ts';
import { isOver, type Referral } from './referral.ts';
import { eventsOf, knowing, mint, monday, pack, requested, service, stateAfter } from './saga.fixture.ts';
import { serviceSuspended } from './suspension.ts';
import { withdrawReferral } from './withdrawal.ts';

/** One thing that comes in: a word of a shelter, a command, or time; `nth` picks the offer or member, `flag` the way. */
interface Step {
  readonly what: keyof typeof doings;
  readonly nth: number;
  readonly flag: boolean;
  readonly minutes: number;
  /** About any offer at all: late, repeated, or foreign. */
  readonly stray: boolean;
}

type Do = (referral: Referral, offerId: string, step: Step, knowledge: Knowledge) => Decision<ReferralEvent, string>;

const member = (referral: Referral, nth: number): string =>
  referral.party[nth % referral.party.length]?.memberId ?? 'nobody';

const doings = {
  held: (referral, offerId, _step, knowledge) => bedHeld(referral, offerId, knowledge),
  refused: (referral, offerId, _step, knowledge) => holdRefused(referral, offerId, 'not-possible-here', knowledge),
  confirmed: (referral, offerId, _step, knowledge) => bedConfirmed(referral, offerId, knowledge),
  gone: (referral, offerId, _step, knowledge) => bedNotAvailable(referral, offerId, 'not-possible-here', knowledge),
  accepts: (referral, offerId, _step, knowledge) => acceptOffer(referral, offerId, knowledge),
  declines: (referral, offerId, { flag }, knowledge) =>
    declineOffer(referral, offerId, { code: flag ? 'full' : 'safety-concern', noteId: undefined }, knowledge),
  telephones: (referral, offerId, { flag: yes }, knowledge) =>
    answerByTelephone(
      referral,
      offerId,
      { yes, declineCode: 'full', spokeWith: 'manager', noteId: undefined, numberFromDirectory: true, readBack: true },
      knowledge,
    ),
  answers: (referral, offerId, { nth, flag: yes }, knowledge) =>
    recordPersonAnswer(
      referral,
      { offerId, memberId: member(referral, nth), yes, code: yes ? undefined : 'area', childViewHeard: true },
      knowledge,
    ),
  arranges: (referral, _offerId, { minutes }, knowledge) =>
    arrangeJourney(
      referral,
      {
        escortId: 'an escort',
        collectAt: after(knowledge.now, 60_000),
        arriveAt: after(knowledge.now, 60_000 * (minutes + 1)),
      },
      knowledge,
    ),
  collected: (referral, _offerId, _step, knowledge) => recordCollected(referral, knowledge),
  arrived: (referral, offerId, _step, knowledge) => arrived(referral, offerId, knowledge.now, knowledge),
  missed: (referral, offerId, _step, knowledge) => didNotArrive(referral, offerId, knowledge),
  withdraws: (referral, _offerId, { nth, flag }, knowledge) =>
    withdrawReferral(referral, { memberId: flag ? member(referral, nth) : undefined, code: 'own-wish' }, knowledge),
  overrides: (referral, _offerId, { flag }, knowledge) =>
    override(
      referral,
      { action: flag ? 'search-anew' : 'open-another-round', code: 'local-knowledge', serviceId: undefined },
      knowledge,
    ),
  suspends: (referral, offerId, _step, knowledge) =>
    serviceSuspended(referral, referral.offers.find((offer) => offer.offerId === offerId)?.serviceId ?? '', knowledge),
  wakes: (referral, _offerId, _step, knowledge) => capacityRose(referral, knowledge),
  passes: (referral, _offerId, _step, knowledge) => timePasses(referral, knowledge),
} satisfies Record<string, Do>;

const services = [
  ...Array.from({ length: 8 }, () => service('by-offer')),
  ...[service('direct'), service('duty')],
  ...Array.from({ length: 4 }, () => service('by-offer')),
];
const excluded = [service('by-offer', { region: 'islands' }), service('by-offer', { accreditedUntil: undefined })];
const all = [...services, ...excluded];

/** How often each comes, so that many histories go all the way: what ends a referral is rare. */
const weights: Record<keyof typeof doings, number> = {
  ...{
    held: 12,
    accepts: 8,
    confirmed: 12,
    answers: 10,
    arranges: 6,
    collected: 4,
    passes: 3,
    refused: 3,
    declines: 3,
  },
  ...{ telephones: 3, missed: 2, wakes: 2, gone: 2, overrides: 1, suspends: 1, withdraws: 1, arrived: 1 },
};
const what = fc.oneof(
  ...Object.entries(weights).map(([word, weight]) => ({ weight, arbitrary: fc.constant(word as keyof typeof doings) })),
);
/** Mostly at once: the clocks that wait for a shelter are thirty seconds. */
const minutes = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 900 }) },
);
const stray = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const steps = fc.array(fc.record({ what, nth: fc.nat(9), flag: fc.boolean(), minutes, stray }), {
  minLength: 10,
  maxLength: 70,
  size: 'max',
});

/** The offers that a word is about, when it is not late, repeated or foreign. */
const expected: Partial<Record<Step['what'], readonly OfferStatus[]>> = {
  held: ['holding'],
  refused: ['holding'],
  accepts: ['open', 'softened'],
  confirmed: ['confirming'],
  gone: ['confirming', 'confirmed'],
  answers: ['confirmed'],
  arrived: ['confirmed'],
};

function offerMeant({ offers }: Referral, { what: word, nth, stray: anyone }: Step): string {
  const meant = offers.filter((offer) => expected[word]?.includes(offer.status));
  const list = anyone || meant.length === 0 ? offers : meant;
  return list[nth % Math.max(1, list.length)]?.offerId ?? mint();
}

interface Seen {
  readonly before: Referral;
  readonly events: readonly ReferralEvent[];
  readonly after: Referral;
  readonly step: Step;
  readonly now: Instant;
}

/** Plays a history; time moves only forward, and whatever falls due on the way happens first. */
function play(history: readonly Step[], members: number, check: (seen: Seen) => void): Referral {
  let now = monday;
  let referral = stateAfter(requested(knowing(now, all), { members }));
  const happens = (step: Step, decision: Decision<ReferralEvent, string>): void => {
    const events = eventsOf(decision);
    const next = events.length > 0 ? stateAfter(events, referral) : referral;
    check({ before: referral, events, after: next, step, now });
    referral = next;
  };
  for (const step of history) {
    now = after(now, step.minutes * 60_000);
    happens({ ...step, what: 'passes' }, timePasses(referral, knowing(now, all)));
    happens(step, doings[step.what](referral, offerMeant(referral, step), step, knowing(now, all)));
  }
  return referral;
}

const always = (check: (seen: Seen) => void, numRuns = 100): void =>
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 3 }), (history, members) => void play(history, members, check)),
    { numRuns },
  );

const withStatus = (referral: Referral, ...statuses: string[]) =>
  referral.offers.filter((offer) => statuses.includes(offer.status));

it('is tried on histories that go all the way', () => {
  const reached = new Set<string>();
  always(({ after: referral }) => void reached.add(referral.stage.name), 250);
  expect([...reached]).toEqual(
    expect.arrayContaining([
      'searching',
      'confirming',
      'awaiting-person',
      'placed',
      'journey',
      'journey-failed',
      'arrived',
      'unplaced',
      'withdrawn',
    ]),
  );
});

describe('whatever comes in, in whatever order', () => {
  it('nobody has two placements', () =>
    always(({ after: now }) => {
      expect(withStatus(now, 'confirming', 'confirmed').length).toBeLessThanOrEqual(1);
    }));

  it('nobody waits without a clock, and a clock that falls due changes something', () =>
    always(({ after: referral }) => {
      if (isOver(referral)) return;
      const { stage } = referral;
      if ('until' in stage)
        expect(
          runningClocks(referral).map((clock) => clock.due),
          stage.name,
        ).toContain(stage.until);
      const next = nextClock(referral);
      expect(next, `a referral in ${referral.stage.name} has no clock`).toBeDefined();
      if (next) expect(timePasses(referral, knowing(next.due, all)).kind).toBe('accepted');
    }));

  it('the others are withdrawn only when the person agrees, goes, loses the ground, or a person or an arrival decides', () =>
    always(({ events, step }) => {
      const types = events.map((event) => event.type);
      if (!types.includes('OfferWithdrawn')) return;
      expect(
        types.includes('PersonAgreed') || ['withdraws', 'overrides', 'suspends', 'arrived'].includes(step.what),
      ).toBe(true);
    }));

  it('nothing is offered that was not held first, and nothing confirmed that nobody said yes to', () =>
    always(({ before, events }) => {
      for (const event of events) {
        if (event.type === 'OfferMade')
          expect(before.offers.find((one) => one.offerId === event.offerId)?.status).toBe('holding');
        if (event.type === 'BedConfirmed')
          expect(before.offers.find((one) => one.offerId === event.offerId)?.status).toBe('confirming');
        if (event.type === 'PersonAgreed')
          expect(before.stage).toMatchObject({ name: 'awaiting-person', offerId: event.offerId });
      }
    }));

  it('nothing is final before everyone in the party has said yes', () =>
    always(({ before, events }) => {
      if (!events.some((event) => event.type === 'PersonAgreed') || before.stage.name !== 'awaiting-person') return;
      const now = events.flatMap((event) => (event.type === 'MemberAgreed' ? [event.memberId] : []));
      const yeses = [...before.stage.agreed, ...now];
      expect(before.party.filter((one) => !yeses.includes(one.memberId))).toEqual([]);
    }));

  it('no more are asked at once, nor open at all, than the urgency lets', () =>
    always(({ after: referral, step }) => {
      if (step.what === 'overrides') return;
      const { mostOpen } = pack.urgencies.emergency;
      expect(withStatus(referral, 'holding', 'open', 'softened').length).toBeLessThanOrEqual(mostOpen);
    }));

  it('no service is asked that is not accredited or lies in an excluded area', () =>
    always(({ events }) => {
      const asked = events.flatMap((event) => (event.type === 'ServiceAsked' ? [event.serviceId] : []));
      expect(asked.filter((id) => excluded.some((one) => one.serviceId === id))).toEqual([]);
    }));

  it('a service that the person declined is not asked again for this need', () =>
    always(({ before, events }) => {
      const barred = withStatus(before, 'person-declined').map((offer) => offer.serviceId);
      expect(events.filter((event) => event.type === 'ServiceAsked' && barred.includes(event.serviceId))).toEqual([]);
    }));

  it('an arrival is never undone', () =>
    always(({ before, after: now }) => {
      if (before.stage.name === 'arrived') expect(now.stage).toEqual(before.stage);
    }));

  it('every alert has somebody who owns it and a time to act by', () =>
    always(({ events }) => {
      for (const event of events) {
        if (event.type !== 'AlertRaised') continue;
        expect(pack.roles.map((role) => role.code)).toContain(event.ownerRole);
        expect(event.actBy).toBeGreaterThan(event.at);
      }
    }));

  it('what has been held is given back when the referral is over without an arrival', () =>
    fc.assert(
      fc.property(steps, (history) => {
        const open = new Set<string>();
        const end = play(history, 1, ({ before, events }) => keepOpen(open, before, events));
        const last = eventsOf(withdrawReferral(end, { memberId: undefined, code: 'own-wish' }, knowing(monday, all)));
        keepOpen(open, end, last);
        if (end.stage.name === 'arrived') return;
        expect([...open]).toEqual([]);
      }),
      { numRuns: 100 },
    ));
});

/** What the shelters have been asked to hold or confirm, and not yet to release, nor said themselves to be gone. */
function keepOpen(open: Set<string>, before: Referral, events: readonly ReferralEvent[]): void {
  let state = before;
  for (const event of events) {
    state = stateAfter([event], state);
    for (const { type, key } of messagesOf(event, state)) {
      if (/\.(HoldRequested|ConfirmRequested)$/.test(type)) open.add(key);
      if (type.endsWith('.HoldReleaseRequested')) open.delete(key);
    }
    // The shelter's own word that there is no hold needs no release.
    if ((event.type === 'ServiceNotPossible' || event.type === 'BedLost') && event.code === 'not-possible-here')
      open.delete(event.offerId);
  }
}
