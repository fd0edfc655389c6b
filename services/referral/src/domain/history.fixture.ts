import type { Delivery } from '@opennrm/country';
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

/** How often each input is drawn. The inputs that end a referral are rare, so that many histories pass through every stage. */
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
  missed: 6,
  agreesTime: 40,
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
  announcesBirthday: 1,
};
const what = fc.oneof(
  ...Object.entries(weights).map(([word, weight]) => ({
    weight,
    arbitrary: fc.constant(word as keyof typeof inputs),
  })),
);
/** Mostly zero: the deadlines for answers of a shelter are thirty seconds. */
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

/** How a referral begins, and every later input. */
export interface History {
  readonly initialBasis: InitialBasis;
  /** The request is above the quota of emergencies. */
  readonly aboveQuota: boolean;
  /** The age of each member of the party. */
  readonly party: readonly UnderEighteen[];
  /** How the person reaches the service after they agreed. */
  readonly delivery: Delivery;
  readonly steps: readonly InputStep[];
}

const initialBasis = fc.oneof(
  ...(['alone', 'permitted', 'recorded'] as const).map((one) => ({
    weight: 3,
    arbitrary: fc.constant(one),
  })),
  { weight: 1, arbitrary: fc.constant('nothing' as const) },
);
/** Mostly of full age. A child starts with an adult, who may leave the party. */
const age = fc.oneof(
  { weight: 4, arbitrary: fc.constant<UnderEighteen>('no') },
  { weight: 1, arbitrary: fc.constantFrom<UnderEighteen>('yes', 'unsure') },
);
const party = fc
  .array(age, { maxLength: 2 })
  .map((others): readonly UnderEighteen[] => ['no', ...others]);
const delivery = fc.constantFrom<Delivery>('journey', 'appointment', 'assignment');
const histories: fc.Arbitrary<History> = fc.record({
  initialBasis,
  aboveQuota: fc.boolean(),
  party,
  delivery,
  steps,
});

/** The states of the offers for which an input is expected, where it is not late, repeated or foreign. */
const expected: Partial<Record<InputStep['what'], readonly OfferStatus[]>> = {
  held: ['holding'],
  refused: ['holding'],
  accepts: ['open', 'softened'],
  confirmed: ['confirming'],
  gone: ['confirming', 'confirmed'],
  answers: ['confirmed'],
  arrived: ['confirmed'],
  agreesTime: ['confirmed'],
};

function targetOffer(
  { offers }: Referral,
  { what: word, nth, isForAnyOffer: anyone }: InputStep,
): string {
  const meant = offers.filter((offer) => expected[word]?.includes(offer.status));
  const list = anyone || !expected[word] ? offers : meant;
  return list[nth % Math.max(1, list.length)]?.offerId ?? mint();
}

/** One step of a history: its effect, and what was known when it was decided. */
export interface StepResult {
  readonly before: Referral;
  readonly events: readonly ReferralEvent[];
  readonly after: Referral;
  readonly step: InputStep;
  readonly knowledge: Knowledge;
  readonly initialBasis: InitialBasis;
  /** The messages that were sent to the other services so far. */
  readonly sent: SentMessages;
}

export type Check = (result: StepResult) => void;

const beginning = (history: History, vault: Vault): Scenario => {
  const { initialBasis, aboveQuota, party } = history;
  const scenario =
    initialBasis === 'alone'
      ? requestScenario(all, { party, aboveQuota })
      : requestScenario(all, { party, urgency: 'urgent', known: [...vault.known().values()] });
  return withDelivery(scenario, history.delivery);
};

/** The same request in a country where this need is delivered in this way. */
const withDelivery = (scenario: Scenario, chosen: Delivery): Scenario => ({
  ...scenario,
  referral: { ...scenario.referral, delivery: chosen },
  history: scenario.history.map((event) =>
    event.type === 'ReferralRequested' ? { ...event, delivery: chosen } : event,
  ),
});

/** Plays a history. Time only moves forward, and deadlines that fall due first take effect first. */
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

/** Checks a property after each step of many histories: a hundred, or as many as `FC_RUNS` states. */
export const afterEachStep = (check: Check): void =>
  afterEachHistory((history) => void replay(history, check));

/** Checks a property of as many whole histories. */
export const afterEachHistory = (check: (history: History) => void): void =>
  fc.assert(fc.property(histories, check));

/** Visits the steps of fixed histories (constant seed), so that what they reach does not depend on chance. */
export const visitHistories = (check: Check): void =>
  fc.assert(
    fc.property(histories, (history) => void replay(history, check)),
    { numRuns: 500, seed: 2 },
  );
