import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { Service } from './matching/service.ts';

/** One entry of the directory: what an organisation offers, and whether it may be asked. */
export type Directory = Omit<Service, 'hint' | 'openOffers' | 'unansweredLately'> & { readonly suspended: boolean };

export type DirectoryEvent =
  | { readonly type: 'ServiceRegistered'; readonly entry: Omit<Directory, 'accreditedUntil' | 'suspended'> }
  | { readonly type: 'ServiceAccredited'; readonly until: Instant }
  | { readonly type: 'ServiceSuspended'; readonly code: string };

export type DirectoryRefusal = 'already-exists' | 'until-in-the-past' | 'not-accredited' | 'not-found';

/** A new entry is not asked before somebody other than the coordinator has vetted it (`domain.md` §3). */
export const registerService = (
  entry: Omit<Directory, 'accreditedUntil' | 'suspended'>,
): Decision<DirectoryEvent, DirectoryRefusal> => accept<DirectoryEvent>({ type: 'ServiceRegistered', entry });

export function accredit(_entry: Directory, until: Instant, now: Instant): Decision<DirectoryEvent, DirectoryRefusal> {
  if (until <= now) return refuse('until-in-the-past', 'until');
  return accept<DirectoryEvent>({ type: 'ServiceAccredited', until });
}

/** It may not be asked any more; what is confirmed stands, and a person looks at it. */
export function suspend(entry: Directory, code: string): Decision<DirectoryEvent, DirectoryRefusal> {
  if (entry.suspended) return ignore('already-suspended');
  if (entry.accreditedUntil === undefined) return refuse('not-accredited', 'service_id');
  return accept<DirectoryEvent>({ type: 'ServiceSuspended', code });
}

export function evolveDirectory(before: Directory | undefined, event: DirectoryEvent): Directory {
  if (event.type === 'ServiceRegistered') return { ...event.entry, accreditedUntil: undefined, suspended: false };
  if (!before) throw new Error(`${event.type} before ServiceRegistered`);
  if (event.type === 'ServiceAccredited') return { ...before, accreditedUntil: event.until, suspended: false };
  return { ...before, accreditedUntil: undefined, suspended: true };
}

/** Where the vetting of a service stands (`domain.md` §3). */
export const accreditationOf = (entry: Directory): string =>
  entry.suspended ? 'suspended' : entry.accreditedUntil === undefined ? 'applied' : 'accredited';
