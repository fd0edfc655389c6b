import type { Confirmed, Held, HoldId, Kept, Terms } from '@opennrm/holding';
import type { Instant } from '@opennrm/runtime/decision';
import type { ServiceId, SiteId, UnitId } from './site.ts';

export type { HoldId };

/** What a hold is for. The confirmation repeats the terms, so that a hold that has ended can be made again. */
export interface HoldTerms extends Terms {
  readonly serviceId: ServiceId;
  readonly unitKind: string;
  readonly attributes: readonly string[];
  readonly group: string;
}

/** The units of a hold are all at one site. */
export interface UnitsAtSite {
  readonly siteId: SiteId;
  readonly unitIds: readonly UnitId[];
}

/** The only person who may read the address, and until when. */
export interface Escort {
  readonly escortId: string;
  readonly expectedAt: Instant;
  readonly addressUntil: Instant;
}

/** A person stays in the units: the service has started. */
export type Stay = Kept<HoldTerms, UnitsAtSite> & {
  readonly status: 'stay';
  readonly presence: Presence;
};

/** Units that are kept for an offer, for a confirmed place, or for a person who stays in them. */
export type Hold =
  | Held<HoldTerms, UnitsAtSite>
  | (Confirmed<HoldTerms, UnitsAtSite> & { readonly escort?: Escort | undefined })
  | Stay;

/** Where a person who stays is. During an absence the bed is kept until a time; missing comes after it (`domain.md` §3). */
export type Presence =
  | { readonly kind: 'present' }
  | { readonly kind: 'absent'; readonly keptUntil: Instant | undefined }
  | { readonly kind: 'missing' };
