import { after, type Instant, minutes } from '@opennrm/runtime/decision';
import { acceptOffer } from './answers.ts';
import { timePasses } from './clocks.ts';
import { bedConfirmed } from './confirming.ts';
import { type Decide, decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import { arrangeJourney } from './journey.ts';
import type { CaseBasis } from './matching/basis.ts';
import type { Service } from './matching/service.ts';
import type { CaseReference, MemberId, OrganisationId, ReferralId, UnderEighteen, Urgency } from './need.ts';
import { bedHeld } from './offering.ts';
import { recordPersonAnswer } from './person.ts';
import type { Referral } from './referral.ts';
import { requestReferral } from './request.ts';
import { eventsOf, knowing, mint, monday, need, stateAfter } from './saga.fixture.ts';

/** A referral on its way, with what the last thing did. */
export interface Walk {
  readonly referral: Referral;
  readonly now: Instant;
  readonly services: readonly Service[];
  readonly bases: ReadonlyMap<string, CaseBasis>;
  readonly events: readonly ReferralEvent[];
  readonly types: readonly string[];
  /** Everything that happened since the beginning. */
  readonly history: readonly ReferralEvent[];
  /** The refusal, or why it was ignored. */
  readonly no: string | undefined;
}

interface Beginning {
  readonly urgency?: Urgency;
  readonly party?: readonly UnderEighteen[];
  readonly basis?: string;
  readonly known?: readonly CaseBasis[];
  /** So many people are in emergencies of the same organisation that the desk must confirm this one. */
  readonly aboveQuota?: boolean;
}

export const references = [1, 2, 3].map((nth) => `00000000-0000-4000-9000-00000000000${nth}`) as CaseReference[];

const permission = { permissionId: 'p', purpose: 'accommodation', validFrom: monday, validUntil: after(monday, 1e12) };

/** What the vault has said: that this person allows any shelter to be asked. */
export const permitted = (nth = 0): CaseBasis => ({
  ...{ caseReference: references[nth] as CaseReference, registered: true, spoken: true, bases: [], apartIds: [] },
  permissions: [
    {
      ...permission,
      receivers: {
        ...{ excludedRegions: [], excludedOrganisationIds: [], organisationIds: [] },
        serviceClasses: ['safe-accommodation'],
      },
    },
  ],
});

export const asMap = (known: readonly CaseBasis[]): ReadonlyMap<string, CaseBasis> =>
  new Map(known.map((one) => [one.caseReference, one]));

export function begin(services: readonly Service[], beginning: Beginning = {}): Walk {
  const { urgency = 'emergency', party = ['no'], known = [] } = beginning;
  const bases = asMap(known);
  const request = {
    ...{ referralId: mint() as ReferralId, ownerOrg: mint() as OrganisationId, requestedBy: mint(), urgency, need },
    ...{ basis: known.length > 0 ? beginning.basis : 'vital-interest', foundTogether: undefined },
    party: party.map((underEighteen, nth) => ({
      ...{ memberId: mint() as MemberId, caseReference: references[nth] as CaseReference, underEighteen },
    })),
  };
  const events = eventsOf(
    requestReferral(
      request,
      { ...knowing(monday, services), bases },
      { aboveQuota: beginning.aboveQuota === true, declinedServices: [] },
    ),
  );
  const types = events.map((event) => event.type);
  return { referral: stateAfter(events), now: monday, services, bases, events, types, history: events, no: undefined };
}

/** Something happens, after some minutes in which nothing that fell due has happened yet. */
export function when(walk: Walk, doing: Decide, afterMinutes = 0): Walk {
  const now = after(walk.now, minutes(afterMinutes));
  const decision = decide(walk.referral, { ...knowing(now, walk.services), bases: walk.bases }, doing);
  const events = eventsOf(decision);
  const no = decision.kind === 'refused' ? decision.refusal : decision.kind === 'ignored' ? decision.reason : undefined;
  const referral = events.length > 0 ? stateAfter(events, walk.referral) : walk.referral;
  const history = [...walk.history, ...events];
  return { ...walk, referral, now, events, types: events.map((event) => event.type), history, no };
}

export const passes = (walk: Walk, minutesOn: number): Walk => when(walk, timePasses, minutesOn);

export const id = ({ referral }: Walk, nth = 0): string => referral.offers[nth]?.offerId ?? 'no such offer';
export const memberId = ({ referral }: Walk, nth = 0): string => referral.party[nth]?.memberId ?? 'nobody';
export const statuses = ({ referral }: Walk): string[] => referral.offers.map((offer) => offer.status);
export const alertsOf = ({ referral }: Walk): string[] => referral.alerts.map((alert) => alert.code);

export const held = (walk: Walk, nth = 0): Walk => when(walk, (r, k) => bedHeld(r, id(walk, nth), k));
export const yes = (walk: Walk, nth = 0): Walk => when(walk, (r, k) => acceptOffer(r, id(walk, nth), k));
export const promised = (walk: Walk, nth = 0): Walk => when(walk, (r, k) => bedConfirmed(r, id(walk, nth), k));

export const says = (walk: Walk, answer: boolean, member = 0, childViewHeard = true, nth = 0): Walk =>
  when(walk, (r, k) =>
    recordPersonAnswer(
      r,
      {
        offerId: id(walk, nth),
        memberId: memberId(walk, member),
        yes: answer,
        code: answer ? undefined : 'area',
        childViewHeard,
      },
      k,
    ),
  );

export const arranged = (walk: Walk, collectIn = 30, arriveIn = 90): Walk =>
  when(walk, (r, k) =>
    arrangeJourney(
      r,
      {
        escortId: 'an escort',
        collectAt: after(k.now, minutes(collectIn)),
        arriveAt: after(k.now, minutes(arriveIn)),
      },
      k,
    ),
  );

/** Two shelters hold a bed and are asked; the first said yes and promised it. */
export const awaitingPerson = (services: readonly Service[], beginning?: Beginning): Walk =>
  promised(yes(held(held(begin(services, beginning)), 1)));
