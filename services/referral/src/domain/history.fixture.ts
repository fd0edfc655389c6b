import { after, type Instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { timePasses } from './deadlines.ts';
import { type Decide, decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import { type InputStep, inputs } from './inputs.fixture.ts';
import type { Service } from './matching/service.ts';
import type { UnderEighteen } from './need.ts';
import type { OfferStatus } from './offer.ts';
import type { Referral } from './referral.ts';
import { eventsOf, knowledgeAt, mint, monday, service, stateAfter } from './saga.fixture.ts';
import { requestScenario, type Scenario } from './scenario.fixture.ts';
import { messagesSentIn, type SentMessages } from './sent-messages.fixture.ts';
import type { Knowledge } from './steps.ts';
import { type InitialBasis, Vault } from './vault.fixture.ts';

const services = [
  ...Array.from({ length: 8 }, () => service('by-offer')),
  service('direct'),
  service('duty'),
  ...Array.from({ length: 4 }, () => service('by-offer')),
];
const inExcludedArea = service('by-offer', { region: 'islands' });
const unaccredited = service('by-offer', { accreditedUntil: undefined });
const all: readonly Service[] = [...services, inExcludedArea, unaccredited];

export const serviceOf = (serviceId: string): Service | undefined =>
  all.find((one) => one.serviceId === serviceId);

/** How often each comes, so that many histories go all the way: what ends a referral is rare. */
const weights: Record<keyof typeof inputs, number> = {
  held: 36,
  accepts: 24,
  confirmed: 40,
  answers: 40,
  arranges: 16,
  collected: 10,
  timePasses: 6,
  refused: 6,
  declines: 6,
  telephones: 6,
  missed: 4,
  wakes: 4,
  gone: 4,
  reads: 4,
  confirmsEmergency: 4,
  overrides: 2,
  names: 3,
  suspends: 1,
  amends: 2,
  withdraws: 4,
  ends: 1,
  arrived: 6,
  stays: 2,
  overlaps: 1,
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
  repeatsAge: 1,
};
const what = fc.oneof(
  ...Object.entries(weights).map(([word, weight]) => ({
    weight,
    arbitrary: fc.constant(word as keyof typeof inputs),
  })),
);
/** Mostly at once: the clocks that wait for a shelter are thirty seconds. */
const minutes = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 900 }) },
);
const isForAnyOffer = fc.oneof(
  { weight: 4, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);
const steps = fc.array(
  fc.record({ what, nth: fc.nat(9), flag: fc.boolean(), minutes, isForAnyOffer }),
  {
    minLength: 10,
    maxLength: 80,
    size: 'max',
  },
);

/** How a referral begins, and everything that comes in afterwards. */
export interface History {
  readonly initialBasis: InitialBasis;
  /** The request comes above the quota of emergencies. */
  readonly aboveQuota: boolean;
  /** The ages of the party, and so how many they are. */
  readonly party: readonly UnderEighteen[];
  readonly steps: readonly InputStep[];
}

const initialBasis = fc.oneof(
  ...(['alone', 'permitted', 'recorded'] as const).map((one) => ({
    weight: 3,
    arbitrary: fc.constant(one),
  })),
  { weight: 1, arbitrary: fc.constant('nothing' as const) },
);
/** Mostly of full age; a child is with an adult at first, who may leave. */
const age = fc.oneof(
  { weight: 4, arbitrary: fc.constant<UnderEighteen>('no') },
  { weight: 1, arbitrary: fc.constantFrom<UnderEighteen>('yes', 'unsure') },
);
const party = fc
  .array(age, { maxLength: 2 })
  .map((others): readonly UnderEighteen[] => ['no', ...others]);
const histories: fc.Arbitrary<History> = fc.record({
  initialBasis,
  aboveQuota: fc.boolean(),
  party,
  steps,
});

/** The offers that a word is about, when it is not late, repeated or foreign. */
const expected: Partial<Record<InputStep['what'], readonly OfferStatus[]>> = {
  held: ['holding'],
  refused: ['holding'],
  accepts: ['open', 'softened'],
  confirmed: ['confirming'],
  gone: ['confirming', 'confirmed'],
  answers: ['confirmed'],
  arrived: ['confirmed'],
};

function targetOffer(
  { offers }: Referral,
  { what: word, nth, isForAnyOffer: anyone }: InputStep,
): string {
  const meant = offers.filter((offer) => expected[word]?.includes(offer.status));
  const list = anyone || !expected[word] ? offers : meant;
  return list[nth % Math.max(1, list.length)]?.offerId ?? mint();
}

/** One step of a history: what it did, and what was known when it was decided. */
export interface StepResult {
  readonly before: Referral;
  readonly events: readonly ReferralEvent[];
  readonly after: Referral;
  readonly step: InputStep;
  readonly knowledge: Knowledge;
  readonly initialBasis: InitialBasis;
  /** What the other services were told so far. */
  readonly sent: SentMessages;
}

export type Check = (result: StepResult) => void;

const beginning = ({ initialBasis, aboveQuota, party }: History, vault: Vault): Scenario =>
  initialBasis === 'alone'
    ? requestScenario(all, { party, aboveQuota })
    : requestScenario(all, { party, urgency: 'urgent', known: [...vault.known().values()] });

/** Plays a history; time moves only forward, and whatever falls due on the way happens first. */
export function replay(
  fullHistory: History,
  check: Check,
): { readonly referral: Referral; readonly knowledge: Knowledge } {
  const { initialBasis, steps: history } = fullHistory;
  const vault = new Vault(initialBasis);
  let now: Instant = monday;
  const begun = beginning(fullHistory, vault);
  const sent = messagesSentIn(begun.history);
  let { referral } = begun;
  const suspended = new Set<string>();
  const knowledge = (): Knowledge => {
    const accredited = all.filter(({ serviceId }) => !suspended.has(serviceId));
    return { ...knowledgeAt(now, accredited), bases: vault.known() };
  };
  const suspends = (serviceId: string): Knowledge => {
    suspended.add(serviceId);
    return knowledge();
  };
  const happens = (step: InputStep, wanted: Decide): void => {
    const before = referral;
    const events = eventsOf(decide(before, knowledge(), wanted));
    sent.recordEvents(events, before);
    if (events.length > 0) referral = stateAfter(events, before);
    check({ before, events, after: referral, step, knowledge: knowledge(), initialBasis, sent });
  };
  for (const step of history) {
    now = after(now, step.minutes * 60_000);
    happens({ ...step, what: 'timePasses' }, timePasses);
    happens(step, (before, knowledgeAt) =>
      inputs[step.what](before, targetOffer(before, step), step, {
        knowledge: knowledgeAt,
        vault,
        suspends,
      }),
    );
  }
  return { referral, knowledge: knowledge() };
}

/** A promise holds after each step of many histories: a hundred, or as many as `FC_RUNS` says. */
export const afterEachStep = (check: Check): void =>
  afterEachHistory((history) => void replay(history, check));

/** Something holds of as many whole histories. */
export const afterEachHistory = (hasHold: (history: History) => void): void =>
  fc.assert(fc.property(histories, hasHold));

/** What some histories come by: always the same ones, so that what they reach is no matter of luck. */
export const visitHistories = (look: Check): void =>
  fc.assert(
    fc.property(histories, (history) => void replay(history, look)),
    { numRuns: 500, seed: 2 },
  );
