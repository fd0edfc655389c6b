import { after, type Decision, hours, ignore } from '@opennrm/runtime/decision';
import { acceptOffer, answerByTelephone, declineOffer, readProfile } from './answers.ts';
import { ageChanged, ageReviewed, vaultSpoke } from './basis.ts';
import { timePasses } from './clocks.ts';
import { confirmEmergency } from './confirm-emergency.ts';
import { bedConfirmed, bedNotAvailable } from './confirming.ts';
import type { ReferralEvent } from './events.ts';
import type { Knowledge } from './in-turn.ts';
import { arrangeJourney, arrived, didNotArrive, recordCollected, stayChanged } from './journey.ts';
import { mayFit } from './may-fit.ts';
import type { Need } from './need.ts';
import { apartOverlap, bedHeld, holdRefused } from './offering.ts';
import { override } from './override.ts';
import { recordPersonAnswer } from './person.ts';
import type { Referral } from './referral.ts';
import { amendNeed } from './request.ts';
import { mint, need } from './saga.fixture.ts';
import { serviceSuspended } from './suspension.ts';
import type { Vault } from './vault.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

/** One thing that comes in: a word of a shelter or of the vault, a command, or time; `nth` picks the offer or member, `flag` the way. */
export interface Step {
  readonly what: keyof typeof doings;
  readonly nth: number;
  readonly flag: boolean;
  readonly minutes: number;
  /** About any offer at all: late, repeated, or foreign. */
  readonly stray: boolean;
}

/** What is known when it comes in; what the vault says changes the knowledge of the next. */
export interface World {
  readonly knowledge: Knowledge;
  readonly vault: Vault;
  /** The directory takes a service's accreditation. @returns what is known then. */
  readonly suspends: (serviceId: string) => Knowledge;
}

type Do = (referral: Referral, offerId: string, step: Step, world: World) => Decision<ReferralEvent, string>;
type Say = (vault: Vault, reference: string, step: Step, world: World) => void;

const memberOf = ({ party }: Referral, nth: number) => party[nth % party.length];
const memberId = (referral: Referral, nth: number): string => memberOf(referral, nth)?.memberId ?? 'nobody';

const LONG = hours(24 * 365);
const treatedAs = ['unsure', 'yes', 'no'] as const;

/** The vault speaks of one of the party, and the referral follows. */
const vaultSays =
  (say: Say): Do =>
  (referral, _offerId, step, world) => {
    const { knowledge, vault } = world;
    say(vault, memberOf(referral, step.nth)?.caseReference ?? 'nobody', step, world);
    return vaultSpoke(referral, { ...knowledge, bases: vault.known() });
  };

const needs: readonly Partial<Need>[] = [
  ...[{}, { group: 'men' }, { accessibility: ['wheelchair'] }, { excludedRegions: ['islands', 'harbour'] }],
];

const shelterSays = {
  held: (referral, offerId, _step, { knowledge }) => bedHeld(referral, offerId, knowledge),
  refused: (referral, offerId, _step, { knowledge }) => holdRefused(referral, offerId, 'not-possible-here', knowledge),
  confirmed: (referral, offerId, _step, { knowledge }) => bedConfirmed(referral, offerId, knowledge),
  gone: (referral, offerId, _step, { knowledge }) => bedNotAvailable(referral, offerId, 'not-possible-here', knowledge),
  arrived: (referral, offerId, _step, { knowledge }) => arrived(referral, offerId, knowledge.now, knowledge),
  missed: (referral, offerId, _step, { knowledge }) => didNotArrive(referral, offerId, knowledge),
  stays: (referral, offerId, { flag }, { knowledge }) => stayChanged(referral, offerId, 'moved-on', flag, knowledge),
  overlaps: (referral, offerId, _step, { knowledge }) => apartOverlap(referral, offerId, knowledge),
} satisfies Record<string, Do>;

const providerSays = {
  accepts: (referral, offerId, _step, { knowledge }) => acceptOffer(referral, offerId, knowledge),
  declines: (referral, offerId, { flag }, { knowledge }) =>
    declineOffer(referral, offerId, { code: flag ? 'full' : 'safety-concern', noteId: undefined }, knowledge),
  telephones: (referral, offerId, { flag: yes }, { knowledge }) =>
    answerByTelephone(
      referral,
      offerId,
      { yes, declineCode: 'full', spokeWith: 'manager', noteId: undefined, numberFromDirectory: true, readBack: true },
      knowledge,
    ),
  reads: (referral, offerId, _step, { knowledge }) =>
    readProfile(referral, offerId, { person: mint(), purpose: 'accommodation' }, knowledge),
} satisfies Record<string, Do>;

const requesterSays = {
  answers: (referral, offerId, { nth, flag: yes }, { knowledge }) =>
    recordPersonAnswer(
      referral,
      { offerId, memberId: memberId(referral, nth), yes, code: yes ? undefined : 'area', childViewHeard: true },
      knowledge,
    ),
  arranges: (referral, _offerId, { minutes }, { knowledge }) =>
    arrangeJourney(
      referral,
      {
        escortId: 'an escort',
        collectAt: after(knowledge.now, 60_000),
        arriveAt: after(knowledge.now, 60_000 * (minutes + 1)),
      },
      knowledge,
    ),
  collected: (referral, _offerId, _step, { knowledge }) => recordCollected(referral, knowledge),
  amends: (referral, _offerId, { nth }, { knowledge }) =>
    amendNeed(referral, { ...need, ...needs[nth % needs.length] }, knowledge),
  withdraws: (referral, _offerId, { nth, flag }, { knowledge }) =>
    withdrawReferral(
      referral,
      { memberId: flag || nth > 1 ? memberId(referral, nth) : undefined, code: 'own-wish' },
      knowledge,
    ),
} satisfies Record<string, Do>;

const coordinatorSays = {
  overrides: (referral, _offerId, { nth, flag }, { knowledge }) =>
    override(
      referral,
      {
        action: flag ? 'search-anew' : 'open-another-round',
        code: nth % 2 ? 'wish-of-the-person' : 'local-knowledge',
        serviceId: undefined,
      },
      knowledge,
    ),
  confirmsEmergency: (referral, _offerId, _step, { knowledge }) => confirmEmergency(referral, knowledge),
  names: (referral, _offerId, { nth, minutes }, { knowledge }) =>
    override(
      referral,
      {
        action: 'ask-service',
        code: 'local-knowledge',
        serviceId: knowledge.services.at((nth + minutes) % knowledge.services.length)?.serviceId,
      },
      knowledge,
    ),
  ends: (referral, _offerId, _step, { knowledge }) =>
    override(referral, { action: 'end', code: 'local-knowledge', serviceId: undefined }, knowledge),
  suspends: (referral, offerId, _step, { suspends }) => {
    const serviceId = referral.offers.find((offer) => offer.offerId === offerId)?.serviceId ?? '';
    return serviceSuspended(referral, serviceId, suspends(serviceId));
  },
} satisfies Record<string, Do>;

/** A ground lasts for years, or for as many hours as `nth`. */
const lasting = ({ flag, nth }: Step): number => (flag ? LONG : hours(nth + 1));

export const vaultWords = {
  grants: vaultSays((vault, reference, step, { knowledge: { now, services } }) => {
    const excluded = step.nth % 2 ? services.slice(0, 3).map((one) => one.organisationId) : [];
    vault.grants(reference, now, lasting(step), excluded);
  }),
  takesBack: vaultSays((vault, reference) => vault.withdraws(reference)),
  records: vaultSays((vault, reference, step, { knowledge: { now } }) =>
    vault.records(reference, step.nth % 2 ? 'public-task' : 'vital-interest', now, lasting(step)),
  ),
  refuses: vaultSays((vault, reference, { nth, flag }, { knowledge: { services } }) => {
    const named = flag ? services.slice(nth % 3, (nth % 3) + 2).map((one) => one.organisationId) : [];
    vault.refuses(reference, `no ${nth % 2}`, named);
  }),
  limits: vaultSays((vault, reference, step, { knowledge: { now, services } }) => {
    const excluded = services.slice(0, 1 + (step.nth % 3)).map((one) => one.organisationId);
    vault.limits(reference, now, lasting(step), excluded);
  }),
  endsBasis: vaultSays((vault, reference, _step, { knowledge: { now } }) => vault.ends(reference, now)),
  registers: vaultSays((vault, reference) => vault.registers(reference)),
  keepsApart: vaultSays((vault, reference, { nth }) => vault.keepsApart(reference, `pair ${nth}`)),
  replays: vaultSays((vault, reference) => vault.releases(reference)),
  ages: (referral, _offerId, { nth, flag }, { knowledge }) =>
    flag
      ? ageReviewed(memberOf(referral, nth)?.caseReference ?? 'nobody', treatedAs[nth % 3] ?? 'unsure')(
          referral,
          knowledge,
        )
      : ageChanged(referral, knowledge),
  /** What comes after a gap is not heard: the referral is told nothing, and learns it when it next decides. */
  quarantines: (referral, _offerId, { nth }, { vault }) => {
    vault.quarantines(memberOf(referral, nth)?.caseReference ?? 'nobody');
    return ignore('quarantined');
  },
} satisfies Record<string, Do>;

/** Everything that can come in. */
export const doings = {
  ...shelterSays,
  ...providerSays,
  ...requesterSays,
  ...coordinatorSays,
  ...vaultWords,
  wakes: (referral: Referral, _offerId: string, { nth }: Step, { knowledge }: World) => {
    const service = knowledge.services[nth % Math.max(1, knowledge.services.length)];
    return service ? mayFit(service.serviceId)(referral, knowledge) : ignore('nobody');
  },
  passes: (referral: Referral, _offerId: string, _step: Step, { knowledge }: World) => timePasses(referral, knowledge),
};
