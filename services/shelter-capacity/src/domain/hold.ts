import type { Instant } from '@opennrm/runtime/decision';
import type { ServiceId, SiteId, UnitId } from './site.ts';

/** The id of a hold is the id of its offer, made by `referral`. */
export type HoldId = string & { readonly __hold: unique symbol };

/** What a hold is for. The confirmation repeats the terms, so that a hold that has ended can be made again. */
export interface HoldTerms {
  readonly serviceId: ServiceId;
  readonly unitKind: string;
  readonly places: number;
  readonly attributes: readonly string[];
  /** Each id names a pair of people who must never be at one provider together. */
  readonly apartIds: readonly string[];
  readonly group: string;
}

/** The only person who may read the address, and until when. */
export interface Escort {
  readonly escortId: string;
  readonly expectedAt: Instant;
  readonly addressUntil: Instant;
}

interface HoldBase {
  readonly holdId: HoldId;
  readonly siteId: SiteId;
  readonly unitIds: readonly UnitId[];
  readonly terms: HoldTerms;
}

/** Units that are kept for an offer, for a confirmed place, or for a person who stays in them. */
export type Hold =
  | (HoldBase & { readonly status: 'held'; readonly until: Instant })
  | (HoldBase & { readonly status: 'confirmed'; readonly escort: Escort | undefined })
  | (HoldBase & { readonly status: 'stay'; readonly presence: Presence });

/** Where a person who stays is. During an absence the bed is kept until a time; missing comes after it (`domain.md` §3). */
export type Presence =
  | { readonly kind: 'present' }
  | { readonly kind: 'absent'; readonly keptUntil: Instant | undefined }
  | { readonly kind: 'missing' };
