import { type Decision, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './formal-process/events.ts';
import { evolveProcess } from './formal-process/evolve.ts';
import type { FormalProcess } from './formal-process/procedure.ts';
import {
  evolveScreening,
  type Screening,
  type ScreeningEvent,
  startOfDay,
} from './screening/screening.ts';
import type { ScreeningRefusal } from './screening/session.ts';

/** This service's own reference of a person's case. */
export type CaseReference = string & { readonly __caseOfIntake: unique symbol };

/** What this service knows about one person: screenings and the formal procedure, either of which may be first, or never exist. */
export interface IdentificationFile {
  readonly caseReference: CaseReference;
  readonly ownerOrg: string;
  readonly screenings: readonly Screening[];
  /** The current formal process, or the last one. */
  readonly procedure: FormalProcess | undefined;
  /** Procedures that were over when another began: kept for the parties concerned, and never changed. */
  readonly past: readonly FormalProcess[];
}

export type IdentificationEvent = ProcessEvent | ScreeningEvent;

const fileOf = (caseReference: string, ownerOrg: string): IdentificationFile => ({
  caseReference: caseReference as CaseReference,
  ownerOrg,
  screenings: [],
  procedure: undefined,
  past: [],
});

/** The file after an event. The organisation that begins the first entry owns the file. */
export function evolve(
  before: IdentificationFile | undefined,
  event: IdentificationEvent,
): IdentificationFile {
  if (event.type === 'ScreeningBegun') {
    const file = before ?? fileOf(event.caseReference, event.ownerOrg);
    return { ...file, screenings: [...file.screenings, startOfDay(event)] };
  }
  if (event.type === 'ProcessBegun') {
    const file = before ?? fileOf(event.caseReference, event.referredBy);
    return { ...file, past: pastOf(file), procedure: evolveProcess(before?.procedure, event) };
  }
  if (!before) throw new Error(`${event.type} before anything began`);
  if (!('screeningId' in event))
    return { ...before, procedure: evolveProcess(before.procedure, event) };
  const screenings = before.screenings.map((one) =>
    one.screeningId === event.screeningId ? evolveScreening(one, event) : one,
  );
  return { ...before, screenings };
}

/** The deadlines of a finished procedure end. A running recovery period moves to the next procedure. */
const pastOf = ({ past, procedure }: IdentificationFile): FormalProcess[] => {
  if (!procedure) return [...past];
  const recovery = procedure.recovery?.state === 'running' ? undefined : procedure.recovery;
  return [...past, { ...procedure, recovery, deadlines: {} }];
};

/** Finds a procedure of the file, current or past. */
export const procedureIn = (
  { procedure, past }: IdentificationFile,
  processId: string,
): FormalProcess | undefined =>
  procedure?.processId === processId ? procedure : past.find((one) => one.processId === processId);

/** Applies `act` to one screening of the file. */
export function onScreening<Event>(
  { screenings }: IdentificationFile,
  screeningId: string,
  act: (screening: Screening) => Decision<Event, ScreeningRefusal>,
): Decision<Event, ScreeningRefusal> {
  const screening = screenings.find((one) => one.screeningId === screeningId);
  return screening ? act(screening) : refuse('not-found', 'screening_id');
}
