import type { Instant } from '@opennrm/runtime/decision';
import type { ServiceId, SiteId, UnitId } from './site.ts';

/** Its id is the id of the offer it is kept for; minted by `referral`. */
export type HoldId = string & { readonly __hold: unique symbol };

/** What a hold is for; repeated when it is to be confirmed, so that one that has ended can be made anew. */
export interface HoldTerms {
  readonly serviceId: ServiceId;
  readonly unitKind: string;
  readonly places: number;
  readonly attributes: readonly string[];
  /** Each names a pair of people who must never be at one provider together. */
  readonly apartIds: readonly string[];
  readonly group: string;
}

/** Who alone may read the address, and until when. */
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

/** Units that are kept for somebody: for an offer, for a confirmed place, or for who lives there. */
export type Hold =
  | (HoldBase & { readonly status: 'held'; readonly until: Instant })
  | (HoldBase & { readonly status: 'confirmed'; readonly escort: Escort | undefined })
  | (HoldBase & { readonly status: 'stay'; readonly presence: Presence });

/** Where somebody who stays is. An absence is kept a bed for until a time; missing comes after it (`domain.md` §3). */
export type Presence =
  | { readonly kind: 'present' }
  | { readonly kind: 'absent'; readonly keptUntil: Instant | undefined }
  | { readonly kind: 'missing' };
