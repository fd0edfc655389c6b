import { after, type Decision, hours, ignore } from '@opennrm/runtime/decision';
import { ageWillChange } from './age.ts';
import { acceptOffer, answerByTelephone, declineOffer, readProfile } from './answers.ts';
import { appointmentAgreed } from './appointment.ts';
import { reviewBasis } from './basis.ts';
import { confirmEmergency } from './confirm-emergency.ts';
import { unitConfirmed, unitUnavailable } from './confirming.ts';
import { timePasses } from './deadlines.ts';
import type { ReferralEvent } from './events.ts';
import { arrangeJourney, recordCollected } from './journey.ts';
import type { Need } from './need.ts';
import { holdNeedsReview, holdRefused, unitHeld } from './offering.ts';
import { override } from './override.ts';
import { recordPersonAnswer } from './person.ts';
import type { Referral } from './referral.ts';
import { amendNeed } from './request.ts';
import { mint, need } from './saga.fixture.ts';
import { serviceAvailable } from './service-available.ts';
import { didNotStart, serviceChanged, serviceStarted } from './service-started.ts';
import type { Knowledge } from './steps.ts';
import { serviceSuspended } from './suspension.ts';
import type { Vault } from './vault.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

/**
 * One input: an event of a shelter or of the vault, a command, or the passing of time. `nth` picks the offer or member, `flag` the
 * variant.
 */
export interface InputStep {
  readonly what: keyof typeof inputs;
  readonly nth: number;
  readonly flag: boolean;
  readonly minutes: number;
  /** The input may concern any offer: late, repeated, or foreign. */
  readonly isForAnyOffer: boolean;
}

/** What is known when an input arrives. A change by the vault counts from the next decision on. */
export interface World {
  readonly knowledge: Knowledge;
  readonly vault: Vault;
  /** The directory suspends a service. @returns what is known after that. */
  readonly suspends: (serviceId: string) => Knowledge;
}

type InputHandler = (
  referral: Referral,
  offerId: string,
  step: InputStep,
  world: World,
) => Decision<ReferralEvent, string>;
type VaultChange = (vault: Vault, reference: string, step: InputStep, world: World) => void;

const memberOf = ({ party }: Referral, nth: number) => party[nth % party.length];
const memberIdOf = (referral: Referral, nth: number): string =>
  memberOf(referral, nth)?.memberId ?? 'nobody';

/** With these codes a provider reports a stay that changed or ended. */
export const stayCodes = ['moved-on', 'missing', 'returned', 'absence-overdue'] as const;
const LONG = hours(24 * 365);
const ages = ['unsure', 'yes', 'no'] as const;
const ageOf = (nth: number) => ages[nth % ages.length] ?? 'unsure';

/** The vault announces a change for a member of the party, and the referral applies it. */
const vaultEvent =
  (change: VaultChange): InputHandler =>
  (referral, _offerId, step, world) => {
    const { knowledge, vault } = world;
    change(vault, memberOf(referral, step.nth)?.caseReference ?? 'nobody', step, world);
    return reviewBasis(referral, { ...knowledge, bases: vault.known() });
  };

const needs: readonly Partial<Need>[] = [
  {},
  { group: 'men' },
  { accessibility: ['wheelchair'] },
  { excludedRegions: ['islands', 'harbour'] },
];

const providerEvents = {
  held: (referral, offerId, _step, { knowledge }) => unitHeld(referral, offerId, knowledge),
  refused: (referral, offerId, _step, { knowledge }) =>
    holdRefused(referral, offerId, 'not-possible-here', knowledge),
  confirmed: (referral, offerId, _step, { knowledge }) =>
    unitConfirmed(referral, offerId, knowledge),
  gone: (referral, offerId, _step, { knowledge }) =>
    unitUnavailable(referral, offerId, 'not-possible-here', knowledge),
  arrived: (referral, offerId, _step, { knowledge }) =>
    serviceStarted(referral, offerId, knowledge.now, knowledge),
  missed: (referral, offerId, _step, { knowledge }) =>
    didNotStart(referral, offerId, '', knowledge),
  agreesTime: (referral, offerId, { nth }, { knowledge }) =>
    appointmentAgreed(referral, offerId, after(knowledge.now, hours(nth + 1)), knowledge),
  stays: (referral, offerId, { nth, flag }, { knowledge }) =>
    serviceChanged(
      referral,
      offerId,
      stayCodes[nth % stayCodes.length] ?? 'moved-on',
      flag,
      knowledge,
    ),
  overlaps: (referral, offerId, _step, { knowledge }) =>
    holdNeedsReview(referral, offerId, knowledge),
} satisfies Record<string, InputHandler>;

const providerCommands = {
  accepts: (referral, offerId, _step, { knowledge }) => acceptOffer(referral, offerId, knowledge),
  declines: (referral, offerId, { flag }, { knowledge }) =>
    declineOffer(
      referral,
      offerId,
      { code: flag ? 'full' : 'safety-concern', noteId: undefined },
      knowledge,
    ),
  telephones: (referral, offerId, { flag }, { knowledge }) =>
    answerByTelephone(
      referral,
      offerId,
      {
        providerAccepts: flag,
        declineCode: 'full',
        spokeWith: 'manager',
        noteId: undefined,
        numberFromDirectory: true,
        readBack: true,
      },
      knowledge,
    ),
  reads: (referral, offerId, _step, { knowledge }) =>
    readProfile(referral, offerId, { person: mint(), purpose: 'accommodation' }, knowledge),
} satisfies Record<string, InputHandler>;

const requesterCommands = {
  answers: (referral, offerId, { nth, flag }, { knowledge }) =>
    recordPersonAnswer(
      referral,
      {
        offerId,
        memberId: memberIdOf(referral, nth),
        agrees: flag,
        code: flag ? undefined : 'area',
        childViewHeard: true,
      },
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
      { memberId: flag || nth > 1 ? memberIdOf(referral, nth) : undefined, code: 'own-wish' },
      knowledge,
    ),
} satisfies Record<string, InputHandler>;

const coordinatorCommands = {
  overrides: (referral, _offerId, { nth, flag }, { knowledge }) =>
    override(
      referral,
      {
        action: flag ? 'restart-search' : 'open-another-round',
        code: nth % 2 ? 'wish-of-the-person' : 'local-knowledge',
        serviceId: undefined,
      },
      knowledge,
    ),
  confirmsEmergency: (referral, _offerId, _step, { knowledge }) =>
    confirmEmergency(referral, knowledge),
  names: (referral, _offerId, { nth, minutes }, { knowledge }) =>
    override(
      referral,
      {
        action: 'ask-service',
        code: 'local-knowledge',
        serviceId: knowledge
          .servicesFor('safe-accommodation')
          .at((nth + minutes) % knowledge.servicesFor('safe-accommodation').length)?.serviceId,
      },
      knowledge,
    ),
  ends: (referral, _offerId, _step, { knowledge }) =>
    override(referral, { action: 'end', code: 'local-knowledge', serviceId: undefined }, knowledge),
  suspends: (referral, offerId, _step, { suspends }) => {
    const serviceId = referral.offers.find((offer) => offer.offerId === offerId)?.serviceId ?? '';
    return serviceSuspended(referral, serviceId, suspends(serviceId));
  },
} satisfies Record<string, InputHandler>;

/** A basis lasts for a year, or for `nth` + 1 hours. */
const durationOf = ({ flag, nth }: InputStep): number => (flag ? LONG : hours(nth + 1));

export const vaultEvents = {
  grants: vaultEvent((vault, reference, step, { knowledge: { now, servicesFor } }) => {
    const excluded =
      step.nth % 2
        ? servicesFor('safe-accommodation')
            .slice(0, 3)
            .map((one) => one.organisationId)
        : [];
    vault.grants(reference, now, durationOf(step), excluded);
  }),
  takesBack: vaultEvent((vault, reference) => vault.withdraws(reference)),
  records: vaultEvent((vault, reference, step, { knowledge: { now } }) =>
    vault.records(
      reference,
      step.nth % 2 ? 'public-task' : 'vital-interest',
      now,
      durationOf(step),
    ),
  ),
  refuses: vaultEvent((vault, reference, { nth, flag }, { knowledge: { servicesFor } }) => {
    const named = flag
      ? servicesFor('safe-accommodation')
          .slice(nth % 3, (nth % 3) + 2)
          .map((one) => one.organisationId)
      : [];
    vault.refuses(reference, `no ${nth % 2}`, named);
  }),
  limits: vaultEvent((vault, reference, step, { knowledge: { now, servicesFor } }) => {
    const excluded = servicesFor('safe-accommodation')
      .slice(0, 1 + (step.nth % 3))
      .map((one) => one.organisationId);
    vault.limits(reference, now, durationOf(step), excluded);
  }),
  endsBasis: vaultEvent((vault, reference, _step, { knowledge: { now } }) =>
    vault.ends(reference, now),
  ),
  registers: vaultEvent((vault, reference) => vault.registers(reference)),
  keepsApart: vaultEvent((vault, reference, { nth }) => vault.keepsApart(reference, `pair ${nth}`)),
  replays: vaultEvent((vault, reference) => vault.releases(reference)),
  ages: vaultEvent((vault, reference, { nth }, { knowledge: { now } }) =>
    vault.recordsAge(reference, ageOf(nth), now),
  ),
  repeatsAge: vaultEvent((vault, reference, { nth }, { knowledge: { now } }) =>
    vault.recordsAge(reference, ageOf(nth), after(now, -hours(nth))),
  ),
  announcesBirthday: (referral, _offerId, _step, { knowledge }) =>
    ageWillChange(referral, knowledge),
  /** A message after a gap is not applied: the referral uses the change only at its next decision. */
  quarantines: (referral, _offerId, { nth }, { vault }) => {
    vault.quarantines(memberOf(referral, nth)?.caseReference ?? 'nobody');
    return ignore('quarantined');
  },
} satisfies Record<string, InputHandler>;

/** Everything that can come in. */
export const inputs = {
  ...providerEvents,
  ...providerCommands,
  ...requesterCommands,
  ...coordinatorCommands,
  ...vaultEvents,
  wakes: (referral: Referral, _offerId: string, { nth }: InputStep, { knowledge }: World) => {
    const service =
      knowledge.servicesFor('safe-accommodation')[
        nth % Math.max(1, knowledge.servicesFor('safe-accommodation').length)
      ];
    return service ? serviceAvailable(service.serviceId)(referral, knowledge) : ignore('nobody');
  },
  timePasses: (referral: Referral, _offerId: string, _step: InputStep, { knowledge }: World) =>
    timePasses(referral, knowledge),
};
