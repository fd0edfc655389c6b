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

/** A person concludes, and may differ from the result only with a reason (`domain.md` §2). */
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

/** A person who was exploited but not trafficked is led to labour rights. */
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
  /** Whether it is an authority that the country pack lists for decisions on a status. A role's name gives no access. */
  readonly isAuthority: boolean;
  /** Whether the person permits this organisation now. */
  readonly permitted: boolean;
  readonly at: Instant;
}

const ITS_PURPOSE = 'identification-decision';

/**
 * The basis on which a reader may see a screening. The organisation that screened reads its own record. An authority of the country reads
 * for its decision only, and when the basis is a permission, only while that is valid.
 */
function basisOf(screening: Screening, reader: Omit<Reader, 'person' | 'at'>): Basis {
  if (screening.ownerOrg === reader.organisation) return { basis: 'own-record' };
  if (!reader.isAuthority) return { no: refuse('not-found', 'screening_id') };
  const permitted = screening.basis !== 'permission' || reader.permitted;
  if (reader.purpose !== ITS_PURPOSE || !permitted) return { no: refuse('no-basis', 'purpose') };
  return { basis: screening.basis };
}

type Basis = { readonly basis: string } | { readonly no: Decision<never, ScreeningRefusal> };

/** Each read is an event. */
export function readScreening(
  screening: Screening,
  reader: Reader,
): Decision<ScreeningEvent, ScreeningRefusal> {
  const may = basisOf(screening, reader);
  if ('no' in may) return may.no;
  const { organisation, person, purpose, at } = reader;
  const read = { organisation, person, purpose, basis: may.basis, at };
  return accept<ScreeningEvent>({
    type: 'ScreeningRead',
    screeningId: screening.screeningId,
    ...read,
  });
}

/** Concludes a screening as a reader: an organisation that may not read it may not conclude it. */
export function concludeAs(
  screening: Screening,
  reader: Omit<Reader, 'purpose'>,
  how: Conclusion,
): Decision<ScreeningEvent, ScreeningRefusal> {
  const may = basisOf(screening, { ...reader, purpose: ITS_PURPOSE });
  return 'no' in may ? may.no : conclude(screening, how);
}
