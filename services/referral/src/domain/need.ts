import type { Instant } from '@opennrm/runtime/decision';

/** Ids are random UUIDs, branded so that one kind cannot be passed for another. */
export type ReferralId = string & { readonly __referral: unique symbol };
export type OfferId = string & { readonly __offer: unique symbol };
export type MemberId = string & { readonly __member: unique symbol };
export type CaseReference = string & { readonly __caseOfReferral: unique symbol };
export type ServiceId = string & { readonly __service: unique symbol };
export type OrganisationId = string & { readonly __organisation: unique symbol };

export type Urgency = 'emergency' | 'urgent' | 'planned';

/** Anything other than `no` is treated as a child (Council of Europe Convention, article 10(3)). */
export type UnderEighteen = 'no' | 'yes' | 'unsure';

/** One person of a referral; `caseReference` is this service's own. */
export interface Member {
  readonly memberId: MemberId;
  readonly caseReference: CaseReference;
  /** As what the person is treated. */
  readonly underEighteen: UnderEighteen;
  /** What the request stated; missing while it is how they are treated. */
  readonly stated?: UnderEighteen;
  /** When it was stated, where that was in the referral of a party that they left; otherwise with the request. */
  readonly statedAt?: Instant;
}

/** The person's own wishes, as codes. */
export interface Wishes {
  readonly regions: readonly string[];
  readonly languages: readonly string[];
  readonly specialisms: readonly string[];
}

/** One thing that is needed, as codes of the country pack. Changing it makes a new version. */
export interface Need {
  readonly need: string;
  /** The group as the person states it. */
  readonly group: string;
  readonly region: string;
  readonly whereNow: string;
  readonly excludedRegions: readonly string[];
  readonly languages: readonly string[];
  readonly accessibility: readonly string[];
  readonly care: readonly string[];
  readonly risks: readonly string[];
  readonly medicalUrgency: string | undefined;
  /** Never residence status. */
  readonly funding: 'confirmed' | 'pending' | 'none' | undefined;
  readonly wishes: Wishes;
}

/** True where no member of the party is certainly of full age. */
export const isUnaccompanied = (party: readonly Member[]): boolean =>
  party.every((member) => member.underEighteen !== 'no');

export const hasChild = (party: readonly Member[]): boolean =>
  party.some((member) => member.underEighteen !== 'no');
