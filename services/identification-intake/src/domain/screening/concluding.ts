import { accept, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { Evaluation } from './evaluation.ts';
import type { Result } from './indicator-list.ts';
import type { Pathway, Screening, ScreeningEvent } from './screening.ts';
import type { ScreeningRefusal } from './session.ts';

export interface Conclusion {
  readonly conclusion: Result;
  readonly reason: string | undefined;
  readonly noteId: string | undefined;
  readonly by: string;
}

/** A human concludes, may differ from the indicators, and then says why (`domain.md` §2). */
export function conclude(
  screening: Screening,
  how: Conclusion,
): Decision<ScreeningEvent, ScreeningRefusal> {
  if (screening.state === 'concluded') return refuse('already-concluded', 'screening_id');
  if (screening.state !== 'recorded') return refuse('not-recorded', 'screening_id');
  const differs = how.conclusion !== screening.evaluation.result;
  if (differs && how.reason === undefined) return refuse('reason-needed', 'reason');
  const { screeningId } = screening;
  return accept<ScreeningEvent>({
    type: 'ScreeningConcluded',
    screeningId,
    ...how,
    pathway: pathwayOf(screening.evaluation, how),
  });
}

const EXPLOITATION = 'exploitation';

/** Who was exploited and not trafficked has rights as a worker, and is led to those who see to them. */
function pathwayOf({ dimensions }: Evaluation, { conclusion }: Conclusion): Pathway {
  if (conclusion === 'indicated') return 'trafficking';
  const exploited = dimensions.some(
    ({ dimension, positive }) => dimension === EXPLOITATION && positive,
  );
  return conclusion === 'not-indicated' && exploited ? 'labour-rights' : 'none';
}

export interface Reader {
  readonly organisation: string;
  readonly person: string;
  readonly purpose: string;
  /** One of the bodies that the country pack lists as deciding on a status: what a role is called opens nothing. */
  readonly isAuthority: boolean;
  /** The person permits this body now. */
  readonly permitted: boolean;
  readonly at: Instant;
}

const ITS_PURPOSE = 'identification-decision';

/**
 * On which basis somebody may know a screening: the organisation that screened on its own record, an authority of the country for its decision alone,
 * and where the basis is a permission, only while that is valid.
 */
function basisOf(screening: Screening, reader: Omit<Reader, 'person' | 'at'>): Basis {
  if (screening.ownerOrg === reader.organisation) return { basis: 'own-record' };
  if (!reader.isAuthority) return { no: refuse('not-found', 'screening_id') };
  const permitted = screening.basis !== 'permission' || reader.permitted;
  if (reader.purpose !== ITS_PURPOSE || !permitted) return { no: refuse('no-basis', 'purpose') };
  return { basis: screening.basis };
}

type Basis = { readonly basis: string } | { readonly no: Decision<never, ScreeningRefusal> };

/** Each reading is an event. */
export function readScreening(
  screening: Screening,
  reader: Reader,
): Decision<ScreeningEvent, ScreeningRefusal> {
  const may = basisOf(screening, reader);
  if ('no' in may) return may.no;
  const { organisation, person, purpose, at } = reader;
  const said = { organisation, person, purpose, basis: may.basis, at };
  return accept<ScreeningEvent>({
    type: 'ScreeningRead',
    screeningId: screening.screeningId,
    ...said,
  });
}

/** Whoever may not read it does not conclude it. */
export function concludeAs(
  screening: Screening,
  reader: Omit<Reader, 'purpose'>,
  how: Conclusion,
): Decision<ScreeningEvent, ScreeningRefusal> {
  const may = basisOf(screening, { ...reader, purpose: ITS_PURPOSE });
  return 'no' in may ? may.no : conclude(screening, how);
}
