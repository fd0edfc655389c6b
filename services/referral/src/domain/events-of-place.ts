import type { Instant } from '@opennrm/runtime/decision';
import type { Member, MemberId, OfferId, ReferralId, ServiceId, UnderEighteen } from './need.ts';

/**
 * What happens to a unit that cannot be had: the provider keeps none (`already-released`), or may keep one and is asked to release it
 * (`to-release`).
 */
export type HoldOutcome = 'already-released' | 'to-release';

export type UnitEvent =
  | { readonly type: 'ConfirmationRequested'; readonly offerId: OfferId; readonly until: Instant }
  | { readonly type: 'UnitConfirmed'; readonly offerId: OfferId; readonly until: Instant }
  | {
      readonly type: 'UnitLost';
      readonly offerId: OfferId;
      readonly code: string;
      readonly holdOutcome: HoldOutcome;
      readonly at: Instant;
    }
  | { readonly type: 'StaleConfirmationReleased'; readonly offerId: OfferId };

export type PersonEvent =
  | { readonly type: 'MemberAgreed'; readonly memberId: MemberId; readonly offerId: OfferId }
  | {
      readonly type: 'PersonAgreed';
      readonly offerId: OfferId;
      readonly until: Instant;
      /** When the organisation of the service is reminded to act; undefined where the requester acts next. */
      readonly remindAt: Instant | undefined;
    }
  | {
      readonly type: 'PersonDeclined';
      readonly offerId: OfferId;
      readonly code: string | undefined;
      readonly at: Instant;
    }
  /** The vault announced how old the person counts as from now on. */
  | {
      readonly type: 'AgeReviewed';
      readonly memberId: MemberId;
      readonly underEighteen: UnderEighteen;
    }
  | MemberLeft;

export interface MemberLeft {
  readonly type: 'MemberLeft';
  readonly member: Member;
  /** The referral that begins for the former member, in the same transaction. */
  readonly memberReferralId: ReferralId;
  readonly code: string | undefined;
  /** The service whose place the member declined; undefined where they left for another reason. */
  readonly declined: ServiceId | undefined;
}

export type JourneyEvent =
  | {
      readonly type: 'JourneyArranged';
      readonly escortId: string;
      readonly collectAt: Instant;
      readonly arriveAt: Instant;
      readonly until: Instant;
    }
  | { readonly type: 'PersonCollected'; readonly until: Instant }
  | {
      readonly type: 'JourneyFailed';
      readonly code: 'not-collected' | 'did-not-arrive';
      readonly heldUntil: Instant;
    }
  | { readonly type: 'UnitReleased'; readonly offerId: OfferId; readonly at: Instant }
  /**
   * The person arrived at a place that was released, or about which they were not asked. The place is theirs now, and the relation
   * begins.
   */
  | { readonly type: 'UnitTakenUp'; readonly offerId: OfferId }
  | { readonly type: 'ServiceStarted'; readonly offerId: OfferId; readonly at: Instant }
  | {
      readonly type: 'ServiceChanged';
      readonly offerId: OfferId;
      readonly code: string;
      readonly ended: boolean;
    };

export type AppointmentEvent =
  /** Agreed again, it replaces the earlier time. Until `until` it can be recorded as kept or missed. */
  | {
      readonly type: 'AppointmentAgreed';
      readonly offerId: OfferId;
      readonly at: Instant;
      readonly until: Instant;
    }
  /** The next appointment is to be agreed by `until`. */
  | {
      readonly type: 'AppointmentMissed';
      readonly offerId: OfferId;
      readonly code: string;
      /** How many appointments with this service were missed, with this one. */
      readonly missed: number;
      readonly until: Instant;
    }
  /** Half of the time is over in which the service must act. */
  | { readonly type: 'DeliveryReminded'; readonly offerId: OfferId; readonly until: Instant }
  /** The service did not act in time after the person agreed: another is asked. */
  | {
      readonly type: 'DeliveryNotArranged';
      readonly offerId: OfferId;
      readonly code: string;
      readonly at: Instant;
    };
