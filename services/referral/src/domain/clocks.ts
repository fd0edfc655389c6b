import { accept, after, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import { raise } from './alerts.ts';
import { lose } from './confirming.ts';
import { awaitDesk } from './emergency-quota.ts';
import type { ReferralEvent } from './events.ts';
import { takeBackUnsafe } from './facts.ts';
import { inTurn, type Knowledge, type Step, say } from './in-turn.ts';
import { failJourney } from './journey.ts';
import { NO_ANSWER, nextEndOfBar } from './matching/bars.ts';
import type { OfferId } from './need.ts';
import type { Offer } from './offer.ts';
import { isAnswerable, isLiveAsk } from './offer.ts';
import type { Referral, Stage } from './referral.ts';
import { evolve, isOver } from './referral.ts';
import { search } from './search.ts';

/** A promise with a time: what happens then if nobody does anything. */
export interface RunningClock {
  readonly kind: string;
  readonly due: Instant;
  readonly passes: Step;
}

/** Every clock that runs now. A referral that is not over always has one (promise 3). */
export function runningClocks(referral: Referral): RunningClock[] {
  const offers = referral.offers.flatMap((offer) => clocksOfOffer(offer, isOver(referral)));
  const registration: RunningClock[] =
    referral.registerBy === undefined || (isOver(referral) && referral.stage.name !== 'arrived')
      ? []
      : [{ kind: 'registration', due: referral.registerBy, passes: registrationOverdue }];
  const alerts = referral.alerts.map(
    (alert): RunningClock => ({ kind: 'alert', due: alert.actBy, passes: alertOverdue(alert.alertId, alert.level) }),
  );
  const desk: RunningClock[] =
    referral.deskBy === undefined || isOver(referral)
      ? []
      : [{ kind: 'desk', due: referral.deskBy, passes: awaitDesk }];
  return [...clocksOfStage(referral.stage), ...offers, ...registration, ...desk, ...alerts];
}

/** The earliest promise; undefined only when the referral is over and nothing is owed. */
export const nextClock = (referral: Referral): RunningClock | undefined =>
  runningClocks(referral).sort((a, b) => a.due - b.due)[0];

const AT_MOST_AT_ONCE = 100;

/** Time passed: everything that is due happens, in the order in which it fell due. */
export function timePasses(referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> {
  const first = nextClock(referral);
  if (!first || first.due > knowledge.now) return ignore('nothing-due');
  const events: ReferralEvent[] = [...takeBackUnsafe(referral, knowledge)];
  let current = events.reduce(evolve, referral);
  for (let done = 0; done < AT_MOST_AT_ONCE; done++) {
    const clock = nextClock(current);
    if (!clock || clock.due > knowledge.now) break;
    const next = clock.passes(current, knowledge);
    events.push(...next);
    current = next.reduce(evolve, current);
  }
  return accept(...events);
}

function clocksOfOffer(offer: Offer, over: boolean): RunningClock[] {
  const { offerId, status } = offer;
  const clocks: RunningClock[] = [];
  const add = (kind: string, due: Instant | undefined, passes: Step): void => {
    if (due !== undefined) clocks.push({ kind, due, passes });
  };
  if (offer.telephone) {
    add('telephone', offer.telephone.confirmBy, (referral, knowledge) =>
      inTurn(
        referral,
        knowledge,
        say({ type: 'TelephoneAnswerUnconfirmed', offerId }),
        raise('telephone-answer-unconfirmed', offerId),
      ),
    );
  }
  if (over) return clocks;
  if (status === 'holding') add('holding', offer.holdingUntil, holdUnanswered(offer));
  if (status === 'open') add('reminder', offer.reminders[offer.reminded], remind(offer));
  if (isAnswerable(offer)) add('duty', offer.dutyBy, dutyUnacknowledged(offer));
  if (status === 'open' || (offer.holds && status === 'standby')) add('soft', offer.softAt, soften(offer));
  if (isAnswerable(offer) || status === 'standby') add('close', offer.closesAt, close(offer));
  return clocks;
}

const holdUnanswered =
  ({ offerId }: Offer): Step =>
  (referral, knowledge) =>
    inTurn(
      referral,
      knowledge,
      say({ type: 'ServiceNotPossible', offerId, code: NO_ANSWER, kept: 'released', at: knowledge.now }),
      search,
    );

const dutyUnacknowledged =
  ({ offerId }: Offer): Step =>
  (referral, knowledge) =>
    inTurn(referral, knowledge, say({ type: 'DutyUnacknowledged', offerId }), raise('duty-not-acknowledged', offerId));

/** The service is reminded; where fewer are asked than may be, whoever may be asked by now is. */
const remind =
  ({ offerId, reminded }: Offer): Step =>
  (referral, knowledge) =>
    inTurn(referral, knowledge, say({ type: 'OfferReminded', offerId, nth: reminded + 1 }), search);

/** The hold is given back, the offer stays answerable, the next one is asked. */
const soften =
  ({ offerId }: Offer): Step =>
  (referral, knowledge) =>
    inTurn(referral, knowledge, say({ type: 'OfferSoftened', offerId }), search, nobodyAnswered);

/** The last soft deadline passed and everyone who may be asked has been: wait for a late yes, and tell the coordinator. */
const nobodyAnswered: Step = (referral, knowledge) =>
  referral.stage.name === 'searching' && !referral.offers.some(isLiveAsk) && referral.offers.some(isAnswerable)
    ? raise('nobody-answered')(referral, knowledge)
    : [];

/** Two offers in seven days without an answer: somebody asks it to confirm its vacancies. */
const silent =
  (serviceId: string, offerId: OfferId): Step =>
  (referral, knowledge) => {
    const service = knowledge.serviceNamed(serviceId);
    const unanswered = (service?.unansweredLately ?? 0) + 1;
    return unanswered >= knowledge.pack.clocks.silentAfter ? raise('silent-service', offerId)(referral, knowledge) : [];
  };

const close =
  ({ offerId, serviceId, status }: Offer): Step =>
  (referral, knowledge) =>
    inTurn(
      referral,
      knowledge,
      say({ type: 'OfferClosed', offerId, at: knowledge.now }),
      status === 'standby' ? say() : silent(serviceId, offerId),
      search,
    );

const registrationOverdue: Step = (referral, knowledge) =>
  inTurn(referral, knowledge, say({ type: 'RegistrationOverdue' }), raise('reference-not-registered'));

/** Louder each time, half as often. */
const alertOverdue =
  (alertId: string, level: number): Step =>
  (_referral, { now, pack }) => [
    { type: 'AlertOverdue', alertId, level: level + 1, actBy: after(now, pack.clocks.alertAgainMs * level) },
  ];

function clocksOfStage(stage: Stage): RunningClock[] {
  switch (stage.name) {
    case 'waiting-for-basis':
      return [{ kind: 'basis', due: stage.until, passes: basisOverdue(stage.begun) }];
    case 'confirming':
      return [{ kind: 'confirming', due: stage.until, passes: lose(stage.offerId, NO_ANSWER, 'released') }];
    case 'awaiting-person':
      return [{ kind: 'person', due: stage.until, passes: waitOnPerson }];
    case 'placed':
      return [{ kind: 'arrange', due: stage.until, passes: waitOnArranging }];
    case 'journey':
      return [
        {
          kind: 'journey',
          due: stage.until,
          passes: failJourney(stage.step === 'arranged' ? 'not-collected' : 'did-not-arrive'),
        },
      ];
    case 'journey-failed':
      return [{ kind: 'held', due: stage.until, passes: heldLongEnough(stage) }];
    case 'unplaced':
      return [{ kind: 'unplaced', due: stage.until, passes: lookAgain(stage.lookedAgain) }];
    case 'searching':
    case 'arrived':
    case 'withdrawn':
    case 'refused':
    case 'ended':
      return [];
  }
}

/** Before anyone was asked the referral is refused by name; later the coordinator is told and it goes on waiting. */
const basisOverdue =
  (begun: boolean): Step =>
  (referral, knowledge) =>
    begun
      ? waitOn('basis-missing', knowledge.pack.urgencies[referral.urgency].awaitingPersonMs)(referral, knowledge)
      : [{ type: 'ReferralRefused', code: 'basis-missing' }];

const waitOn =
  (code: 'basis-missing' | 'person-not-asked' | 'journey-not-arranged' | 'unplaced', ms: number): Step =>
  (referral, knowledge) => {
    const offerId = 'offerId' in referral.stage ? referral.stage.offerId : undefined;
    return inTurn(
      referral,
      knowledge,
      say({ type: 'WaitExtended', until: after(knowledge.now, ms) }),
      raise(code, offerId),
    );
  };

const waitOnPerson: Step = (referral, knowledge) =>
  waitOn('person-not-asked', knowledge.pack.urgencies[referral.urgency].awaitingPersonMs)(referral, knowledge);

const waitOnArranging: Step = (referral, knowledge) =>
  waitOn('journey-not-arranged', knowledge.pack.urgencies[referral.urgency].journeyToArrangeMs)(referral, knowledge);

/** The bed is kept no longer; the coordinator still has to decide, and is told again. */
const heldLongEnough =
  ({ offerId, held }: Extract<Stage, { name: 'journey-failed' }>): Step =>
  (referral, knowledge) => {
    const until = after(knowledge.now, knowledge.pack.clocks.heldAfterFailedJourneyMs);
    const back: Step = held ? say({ type: 'BedGivenBack', offerId, at: knowledge.now }) : say();
    return inTurn(referral, knowledge, back, say({ type: 'WaitExtended', until }), raise('did-not-arrive', offerId));
  };

/**
 * Bars that end by time let somebody be asked again: the next look comes when the next of them ends. The first look comes soon and is silent: while it was decided that
 * nobody is left a unit may have become free, and neither of the two transactions could see the other.
 */
const lookAgain =
  (lookedAgain: boolean): Step =>
  (referral, knowledge) => {
    const { now, pack } = knowledge;
    const barEnds = nextEndOfBar(referral, now, pack) ?? Number.POSITIVE_INFINITY;
    const ms = Math.min(pack.clocks.unplacedLookAgainMs, barEnds - now);
    const wait = lookedAgain ? waitOn('unplaced', ms) : say({ type: 'WaitExtended', until: after(now, ms) });
    return inTurn(referral, knowledge, wait, search);
  };
