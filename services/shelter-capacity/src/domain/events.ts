import type { HoldEvent as GenericHoldEvent } from '@opennrm/holding';
import type { Instant } from '@opennrm/runtime/decision';
import type { Escort, HoldId, HoldTerms, UnitsAtSite } from './hold.ts';
import type { OrganisationId, Room, ServiceId, SiteId, UnitId } from './site.ts';

/** What happened at a provider, in the past tense: codes and references only. */
export type ProviderEvent = SiteEvent | HoldEvent | StayEvent | CapacityChanged;

type SiteEvent =
  | { readonly type: 'ProviderBegan'; readonly organisationId: OrganisationId }
  | { readonly type: 'ServiceRegistered'; readonly serviceId: ServiceId }
  | {
      readonly type: 'SiteRegistered';
      readonly siteId: SiteId;
      readonly serviceId: ServiceId;
      readonly unitKind: string;
      readonly rooms: readonly Room[];
    }
  | { readonly type: 'RoomsAdded'; readonly siteId: SiteId; readonly rooms: readonly Room[] }
  | {
      readonly type: 'CountDeclared';
      readonly siteId: SiteId;
      readonly units: number;
      readonly occupiedByOthers: number;
      readonly at: Instant;
    }
  | {
      readonly type: 'UnitSetOutOfService';
      readonly siteId: SiteId;
      readonly unitId: UnitId;
      readonly code: string;
    }
  | { readonly type: 'UnitReturnedToService'; readonly siteId: SiteId; readonly unitId: UnitId }
  | { readonly type: 'ServiceSuspended'; readonly serviceId: ServiceId }
  | { readonly type: 'ServiceReinstated'; readonly serviceId: ServiceId };

/** Why a hold was refused, known only in this service. Other services receive one code for every cause. */
export type RefusalCause = 'unknown-service' | 'suspended' | 'keep-apart' | 'no-free-unit';

export type HoldEvent =
  | GenericHoldEvent<HoldTerms, UnitsAtSite, RefusalCause>
  | ({ readonly type: 'EscortNamed'; readonly holdId: HoldId } & Escort)
  | { readonly type: 'EscortEnded'; readonly holdId: HoldId }
  | {
      readonly type: 'AddressRead';
      readonly holdId: HoldId;
      readonly person: string;
      readonly organisation: string;
      readonly at: Instant;
    };

export type StayEvent =
  | { readonly type: 'Arrived'; readonly holdId: HoldId; readonly at: Instant }
  | { readonly type: 'DidNotArrive'; readonly holdId: HoldId }
  | { readonly type: 'StayMoved'; readonly holdId: HoldId; readonly unitIds: readonly UnitId[] }
  | { readonly type: 'StayAbsent'; readonly holdId: HoldId; readonly keptUntil: Instant }
  | { readonly type: 'AbsenceOverdue'; readonly holdId: HoldId }
  | { readonly type: 'StayMissing'; readonly holdId: HoldId }
  | { readonly type: 'StayReturned'; readonly holdId: HoldId }
  | { readonly type: 'StayEnded'; readonly holdId: HoldId; readonly code: string };

/** How many units of a kind a service has free after this decision. `causedBy` is the hold that changed it, if one did. */
export interface CapacityChanged {
  readonly type: 'CapacityChanged';
  readonly serviceId: ServiceId;
  readonly unitKind: string;
  readonly free: number;
  readonly causedBy: HoldId | undefined;
  readonly at: Instant;
}
