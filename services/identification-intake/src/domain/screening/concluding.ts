import { accept, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { Result } from './indicator-list.ts';
import type { Road, Screening, ScreeningEvent } from './screening.ts';
import type { ScreeningRefusal } from './sitting.ts';

export interface Conclusion {
  readonly conclusion: Result;
  readonly reason: string | undefined;
  readonly noteId: string | undefined;
  readonly by: string;
}

/** A human concludes, may differ from the indicators, and then says why (`domain.md` §2). */
export function conclude(screening: Screening, how: Conclusion): Decision<ScreeningEvent, ScreeningRefusal> {
  if (screening.state === 'concluded') return refuse('already-concluded', 'screening_id');
  if (screening.state !== 'recorded') return refuse('not-recorded', 'screening_id');
  const differs = how.conclusion !== screening.weighed.result;
  if (differs && how.reason === undefined) return refuse('reason-needed', 'reason');
  const { screeningId } = screening;
  return accept<ScreeningEvent>({ type: 'ScreeningConcluded', screeningId, ...how, road: roadOf(screening, how) });
}

const EXPLOITATION = 'exploitation';

/** Who was exploited and not trafficked has rights as a worker, and is led to those who see to them. */
function roadOf({ weighed }: Screening, { conclusion }: Conclusion): Road {
  if (conclusion === 'indicated') return 'trafficking';
  const exploited = weighed?.dimensions.some(({ dimension, positive }) => dimension === EXPLOITATION && positive);
  return conclusion === 'not-indicated' && exploited ? 'labour-rights' : 'none';
}

export interface Reader {
  readonly organisation: string;
  readonly person: string;
  readonly purpose: string;
  readonly isAuthority: boolean;
  readonly permissionWithdrawn: boolean;
  readonly at: Instant;
}

/**
 * The organisation that screened reads its own record; the competent authority reads for its decision, on the basis that was
 * recorded, and not on a permission that was taken back.
 */
export function readScreening(screening: Screening, reader: Reader): Decision<ScreeningEvent, ScreeningRefusal> {
  const own = screening.ownerOrg === reader.organisation;
  if (!(own || reader.isAuthority)) return refuse('not-found', 'screening_id');
  if (!own && reader.purpose !== 'identification-decision') return refuse('no-basis', 'purpose');
  if (!own && screening.basis === 'permission' && reader.permissionWithdrawn) return refuse('no-basis', 'purpose');
  const { organisation, person, purpose, at } = reader;
  const { screeningId, basis: recorded } = screening;
  const basis = own ? 'own-record' : recorded;
  return accept<ScreeningEvent>({ type: 'ScreeningRead', screeningId, organisation, person, purpose, basis, at });
}
