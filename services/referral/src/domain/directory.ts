import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { Service } from './matching/service.ts';

/** What an organisation declares about a service that it offers. */
export type NewEntry = Omit<Service, 'hint' | 'accreditedUntil'>;

/** One entry of the directory: what an organisation offers, and whether it may be asked. */
export interface DirectoryEntry extends NewEntry {
  readonly accreditedUntil: Instant | undefined;
  readonly suspended: boolean;
  /** These two are undefined for entries that are older than the fields. */
  readonly registeredAt: Instant | undefined;
  readonly accreditationChangedAt: Instant | undefined;
  /** The accreditation ended by time and the event for it was recorded. Missing in older entries. */
  readonly endRecorded?: boolean;
}

export type DirectoryEvent =
  | { readonly type: 'ServiceRegistered'; readonly entry: NewEntry; readonly at: Instant }
  | { readonly type: 'ServiceAccredited'; readonly until: Instant; readonly at: Instant }
  | { readonly type: 'AccreditationEnded'; readonly at: Instant }
  | { readonly type: 'ServiceSuspended'; readonly code: string; readonly at: Instant };

export type DirectoryRefusal =
  | 'already-exists'
  | 'until-in-the-past'
  | 'accredited-before'
  | 'not-accredited'
  | 'not-found';

/** A new service is not asked before an organisation other than the coordinator has vetted it (`domain.md` §3). */
export const registerService = (
  entry: NewEntry,
  now: Instant,
): Decision<DirectoryEvent, DirectoryRefusal> =>
  accept<DirectoryEvent>({ type: 'ServiceRegistered', entry, at: now });

/**
 * @param unlessDeclared refuses where the entry was accredited or suspended before. For an import, which must not revert a suspension or
 * an end.
 */
export function accredit(
  entry: DirectoryEntry,
  until: Instant,
  now: Instant,
  unlessDeclared = false,
): Decision<DirectoryEvent, DirectoryRefusal> {
  if (until <= now) return refuse('until-in-the-past', 'until');
  if (unlessDeclared && accreditationOf(entry, now) !== 'applied')
    return refuse('accredited-before', 'service_id');
  return accept<DirectoryEvent>({ type: 'ServiceAccredited', until, at: now });
}

/** The service may not be asked any more. Confirmed places stay, and a coordinator checks them. */
export function suspend(
  entry: DirectoryEntry,
  code: string,
  now: Instant,
): Decision<DirectoryEvent, DirectoryRefusal> {
  if (entry.suspended) return ignore('already-suspended');
  if (entry.accreditedUntil === undefined) return refuse('not-accredited', 'service_id');
  return accept<DirectoryEvent>({ type: 'ServiceSuspended', code, at: now });
}

/** Records that the accreditation ended because its last day is over. */
export const endAccreditation = (entry: DirectoryEntry, now: Instant): Decision<DirectoryEvent> =>
  accreditationOf(entry, now) === 'ended' && !entry.endRecorded
    ? accept<DirectoryEvent>({ type: 'AccreditationEnded', at: now })
    : ignore('not-ended');

/** When the accreditation ends by time; undefined where it has no end, or where the end was recorded already. */
export const endOfAccreditation = ({
  suspended,
  endRecorded,
  accreditedUntil,
}: DirectoryEntry): Instant | undefined => (suspended || endRecorded ? undefined : accreditedUntil);

export function evolveDirectory(
  before: DirectoryEntry | undefined,
  event: DirectoryEvent,
): DirectoryEntry {
  if (event.type === 'ServiceRegistered') {
    return {
      ...event.entry,
      accreditedUntil: undefined,
      suspended: false,
      registeredAt: event.at,
      accreditationChangedAt: undefined,
    };
  }
  if (!before) throw new Error(`${event.type} before ServiceRegistered`);
  const changed = { ...before, accreditationChangedAt: event.at };
  switch (event.type) {
    case 'ServiceAccredited':
      return { ...changed, accreditedUntil: event.until, suspended: false, endRecorded: false };
    case 'AccreditationEnded':
      return { ...changed, endRecorded: true };
    case 'ServiceSuspended':
      return { ...changed, accreditedUntil: undefined, suspended: true };
  }
}

export type Accreditation = 'applied' | 'accredited' | 'ended' | 'suspended';

/** State of the vetting of a service (`domain.md` §3). `applied` means that it was never accredited. */
export function accreditationOf(
  { suspended, accreditedUntil }: DirectoryEntry,
  now: Instant,
): Accreditation {
  if (suspended) return 'suspended';
  if (accreditedUntil === undefined) return 'applied';
  return accreditedUntil > now ? 'accredited' : 'ended';
}
