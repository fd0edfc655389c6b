import { after, type Instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { timePasses } from './clocks.ts';
import { type Decide, decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import type { Knowledge } from './in-turn.ts';
import type { Service } from './matching/service.ts';
import type { UnderEighteen } from './need.ts';
import type { OfferStatus } from './offer.ts';
import type { Referral } from './referral.ts';
import { eventsOf, knowing, mint, monday, service, stateAfter } from './saga.fixture.ts';
import { type Said, saidIn } from './said.fixture.ts';
import { type Ground, Vault } from './vault.fixture.ts';
import { begin, type Walk } from './walk.fixture.ts';
import { doings, type Step } from './what-comes-in.fixture.ts';

const services = [
  ...Array.from({ length: 8 }, () => service('by-offer')),
  ...[service('direct'), service('duty')],
  ...Array.from({ length: 4 }, () => service('by-offer')),
];
const inExcludedArea = service('by-offer', { region: 'islands' });
const unaccredited = service('by-offer', { accreditedUntil: undefined });
const all: readonly Service[] = [...services, inExcludedArea, unaccredited];

export const serviceOf = (serviceId: string): Service | undefined => all.find((one) => one.serviceId === serviceId);

/** How often each comes, so that many histories go all the way: what ends a referral is rare. */
const weights: Record<keyof typeof doings, number> = {
  ...{ held: 36, accepts: 24, confirmed: 40, answers: 40, arranges: 16, collected: 10 },
  ...{ passes: 6, refused: 6, declines: 6, telephones: 6, missed: 4, wakes: 4, gone: 4, reads: 4 },
  confirmsEmergency: 4,
  ...{ overrides: 2, names: 3, suspends: 1, amends: 2, withdraws: 4, ends: 1, arrived: 6, stays: 2, overlaps: 1 },
  ...{
    grants: 8,
    takesBack: 4,
    records: 3,
    limits: 1,
    refuses: 2,
    endsBasis: 4,
    registers: 2,
    keepsApart: 1,
    quarantines: 2,
    replays: 3,
    ages: 1,
  },
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
  maxLength: 80,
  size: 'max',
});

/** How a referral begins, and everything that comes in afterwards. */
export interface History {
  readonly ground: Ground;
  /** The request comes above the quota of emergencies. */
  readonly aboveQuota: boolean;
  /** The ages of the party, and so how many they are. */
  readonly party: readonly UnderEighteen[];
  readonly steps: readonly Step[];
}

const ground = fc.oneof(
  ...(['alone', 'permitted', 'recorded'] as const).map((one) => ({ weight: 3, arbitrary: fc.constant(one) })),
  { weight: 1, arbitrary: fc.constant('nothing' as const) },
);
/** Mostly of full age; a child is with an adult at first, who may leave. */
const age = fc.oneof(
  { weight: 4, arbitrary: fc.constant<UnderEighteen>('no') },
  { weight: 1, arbitrary: fc.constantFrom<UnderEighteen>('yes', 'unsure') },
);
const party = fc.array(age, { maxLength: 2 }).map((others): readonly UnderEighteen[] => ['no', ...others]);
const histories: fc.Arbitrary<History> = fc.record({ ground, aboveQuota: fc.boolean(), party, steps });

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
  const list = anyone || !expected[word] ? offers : meant;
  return list[nth % Math.max(1, list.length)]?.offerId ?? mint();
}

/** One step of a history: what it did, and what was known when it was decided. */
export interface Seen {
  readonly before: Referral;
  readonly events: readonly ReferralEvent[];
  readonly after: Referral;
  readonly step: Step;
  readonly knowledge: Knowledge;
  readonly ground: Ground;
  /** What the other services were told so far. */
  readonly said: Said;
}

export type Check = (seen: Seen) => void;

const beginning = ({ ground, aboveQuota, party }: History, vault: Vault): Walk =>
  ground === 'alone'
    ? begin(all, { party, aboveQuota })
    : begin(all, { party, urgency: 'urgent', known: [...vault.known().values()] });

/** Plays a history; time moves only forward, and whatever falls due on the way happens first. */
export function play(
  beginsWith: History,
  check: Check,
): { readonly referral: Referral; readonly knowledge: Knowledge } {
  const { ground, steps: history } = beginsWith;
  const vault = new Vault(ground);
  let now: Instant = monday;
  const begun = beginning(beginsWith, vault);
  const said = saidIn(begun.history);
  let { referral } = begun;
  const suspended = new Set<string>();
  const knowledge = (): Knowledge => {
    const accredited = all.filter(({ serviceId }) => !suspended.has(serviceId));
    return { ...knowing(now, accredited), bases: vault.known() };
  };
  const suspends = (serviceId: string): Knowledge => {
    suspended.add(serviceId);
    return knowledge();
  };
  const happens = (step: Step, wanted: Decide): void => {
    const before = referral;
    const events = eventsOf(decide(before, knowledge(), wanted));
    said.hear(events, before);
    if (events.length > 0) referral = stateAfter(events, before);
    check({ before, events, after: referral, step, knowledge: knowledge(), ground, said });
  };
  for (const step of history) {
    now = after(now, step.minutes * 60_000);
    happens({ ...step, what: 'passes' }, timePasses);
    happens(step, (before, knowing) =>
      doings[step.what](before, offerMeant(before, step), step, { knowledge: knowing, vault, suspends }),
    );
  }
  return { referral, knowledge: knowledge() };
}

/** A promise holds after each step of many histories: a hundred, or as many as `FC_RUNS` says. */
export const always = (check: Check): void => afterwards((history) => void play(history, check));

/** Something holds of as many whole histories. */
export const afterwards = (holds: (history: History) => void): void => fc.assert(fc.property(histories, holds));

/** What some histories come by: always the same ones, so that what they reach is no matter of luck. */
export const onTheWay = (look: Check): void =>
  fc.assert(
    fc.property(histories, (history) => void play(history, look)),
    { numRuns: 500, seed: 2 },
  );
