import type { Delivery } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { AlertCode } from './alert.ts';
import type {
  AppointmentEvent,
  HoldOutcome,
  JourneyEvent,
  PersonEvent,
  UnitEvent,
} from './events-of-place.ts';
import type { RuleCode } from './matching/candidate.ts';
import type { DecisionRecord } from './matching/decision-record.ts';
import type {
  Member,
  Need,
  OfferId,
  OrganisationId,
  ReferralId,
  ServiceId,
  Urgency,
} from './need.ts';
import type { Acceptance } from './offer.ts';

export type { HoldOutcome, MemberLeft } from './events-of-place.ts';

/** What happened to a referral, in the past tense: codes and references only. `at` is business time. */
export type ReferralEvent =
  | ReferralRequested
  | BasisEvent
  | QuotaEvent
  | SearchEvent
  | OfferEvent
  | AnswerEvent
  | UnitEvent
  | PersonEvent
  | JourneyEvent
  | AppointmentEvent
  | EndEvent
  | AlertEvent;

export interface ReferralRequested {
  readonly type: 'ReferralRequested';
  readonly referralId: ReferralId;
  readonly ownerOrg: OrganisationId;
  readonly requestedBy: string;
  readonly urgency: Urgency;
  readonly need: Need;
  readonly party: readonly Member[];
  readonly basis: string | undefined;
  readonly foundTogether: string | undefined;
  /** The kind of unit for this need (bed, appointment), from the country pack. */
  readonly unitKind: string;
  /** The provider service of this need, or `directory`, from the country pack. */
  readonly providedBy: string;
  /** How the person reaches the service after they agreed, from the country pack. */
  readonly delivery: Delivery;
  /** The purposes on which a service for this need is sought, from the country pack. The first is that of the relation. */
  readonly purposes: readonly string[];
  /** Deadline by which an emergency reference that the caller made must be registered at the vault. */
  readonly registerBy: Instant | undefined;
  readonly apartIds: readonly string[];
  /** Services that the person declined while they were in a party that they left. */
  readonly declinedServiceIds: readonly ServiceId[];
  readonly packVersion: string;
  readonly at: Instant;
}

type BasisEvent =
  | { readonly type: 'BasisAwaited'; readonly until: Instant }
  | { readonly type: 'BasisFound'; readonly basis: string }
  | { readonly type: 'BasisLost'; readonly until: Instant }
  | { readonly type: 'ReferenceRegistered' }
  /** The reference was not registered in time. It can still be registered later. */
  | { readonly type: 'RegistrationOverdue' }
  | { readonly type: 'ApartAdded'; readonly apartId: string };

type QuotaEvent =
  /**
   * The emergency is above the quota: nothing is held for it until the coordination desk confirms it. The desk is alerted again at
   * `until`.
   */
  | { readonly type: 'DeskConfirmationRequested'; readonly until: Instant }
  | { readonly type: 'EmergencyConfirmed' };

/** The decision record of a search (`matching.md` §4). */
export interface SearchDecision extends DecisionRecord {
  readonly type: 'SearchDecided';
  readonly search: number;
  /** The names of the terms by which the eligible services are ordered. */
  readonly order: readonly string[];
  /** The version of the need that was decided on; with the rule version of the journal, what a replay needs of the referral. */
  readonly needVersion: number;
  readonly at: Instant;
}

type SearchEvent =
  | { readonly type: 'NeedAmended'; readonly need: Need; readonly urgency: Urgency }
  | { readonly type: 'RoundOpened' }
  | SearchDecision
  | {
      readonly type: 'ServiceAsked';
      readonly offerId: OfferId;
      readonly serviceId: ServiceId;
      readonly organisationId: OrganisationId;
      /** The coded area of the service. */
      readonly region: string;
      readonly acceptance: Acceptance;
      /** False above the quota of emergencies: the service is asked without a hold. */
      readonly hasHold: boolean;
      readonly until: Instant;
      /** When the provider itself lets the hold expire. This is later than `until`. */
      readonly providerHoldExpiresAt: Instant;
      readonly at: Instant;
    }
  | {
      readonly type: 'ReferralUnplaced';
      readonly placeOfLastResort: string | undefined;
      readonly until: Instant;
      readonly at: Instant;
    };

type OfferEvent =
  | {
      readonly type: 'OfferMade';
      readonly offerId: OfferId;
      readonly softDeadline: Instant;
      readonly closesAt: Instant;
      readonly acknowledgeBy: Instant | undefined;
      readonly reminders: readonly Instant[];
      readonly at: Instant;
    }
  | {
      readonly type: 'ServiceNotPossible';
      readonly offerId: OfferId;
      readonly code: string;
      readonly holdOutcome: HoldOutcome;
      readonly at: Instant;
    }
  | { readonly type: 'OfferSetAside'; readonly offerId: OfferId; readonly at: Instant }
  | { readonly type: 'DutyNotAcknowledged'; readonly offerId: OfferId }
  | { readonly type: 'OfferReminded'; readonly offerId: OfferId; readonly nth: number }
  | { readonly type: 'OfferSoftened'; readonly offerId: OfferId }
  | { readonly type: 'OfferClosed'; readonly offerId: OfferId; readonly at: Instant }
  | {
      readonly type: 'OfferWithdrawn';
      readonly offerId: OfferId;
      /** The safety rule that failed; undefined where the offer was no longer needed. */
      readonly code: RuleCode | undefined;
      readonly at: Instant;
    }
  | {
      readonly type: 'ProfileRead';
      readonly offerId: OfferId;
      readonly person: string;
      readonly purpose: string;
      readonly at: Instant;
    };

type AnswerEvent =
  | {
      readonly type: 'OfferAccepted';
      readonly offerId: OfferId;
      readonly by: 'provider' | 'telephone' | 'contract';
    }
  | { readonly type: 'OfferPutOnStandby'; readonly offerId: OfferId }
  | {
      readonly type: 'OfferDeclined';
      readonly offerId: OfferId;
      readonly code: string;
      readonly noteId: string | undefined;
      readonly at: Instant;
    }
  | {
      readonly type: 'AnsweredByTelephone';
      readonly offerId: OfferId;
      readonly accepts: boolean;
      readonly spokeWith: string;
      readonly noteId: string | undefined;
      readonly confirmBy: Instant;
    }
  | { readonly type: 'TelephoneAnswerConfirmed'; readonly offerId: OfferId }
  | { readonly type: 'TelephoneAnswerDenied'; readonly offerId: OfferId }
  | { readonly type: 'TelephoneAnswerUnconfirmed'; readonly offerId: OfferId }
  | { readonly type: 'CallAttempted'; readonly offerId: OfferId; readonly code: string };

type EndEvent =
  | { readonly type: 'ReferralRefused'; readonly code: string }
  | { readonly type: 'ReferralWithdrawn'; readonly code: string }
  | { readonly type: 'ReferralEnded'; readonly code: string }
  | {
      readonly type: 'RuleOverridden';
      readonly action: string;
      readonly code: string;
      readonly serviceId: ServiceId | undefined;
    };

type AlertEvent =
  | {
      readonly type: 'AlertRaised';
      readonly alertId: string;
      readonly code: AlertCode;
      readonly offerId: OfferId | undefined;
      readonly ownerRole: string;
      readonly actBy: Instant;
      readonly at: Instant;
    }
  | {
      readonly type: 'AlertOverdue';
      readonly alertId: string;
      readonly level: number;
      readonly actBy: Instant;
    }
  | { readonly type: 'AlertAcknowledged'; readonly alertId: string }
  | { readonly type: 'AlertResolved'; readonly alertId: string }
  /** The deadline of the stage passed and an alert was raised. The next check is at `until`. */
  | { readonly type: 'WaitExtended'; readonly until: Instant };
