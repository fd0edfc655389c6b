import { accept, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { IndicatorList, Result } from './indicator-list.ts';
import { type Age, humanOnly, type IndicatorAnswer, type Weighed, weigh } from './weighing.ts';

/** This service's own reference of a person's case. */
export type CaseReference = string & { readonly __caseOfIntake: unique symbol };

interface Recorded {
  readonly screeningId: string;
  readonly ownerOrg: string;
  readonly list: string;
  readonly listVersion: string;
  readonly age: Age;
  readonly answers: readonly IndicatorAnswer[];
  readonly weighed: Weighed;
  readonly basis: string;
  readonly at: Instant;
}

/** A screening says what was seen; only a human concludes what it means. */
export type Screening = Recorded &
  (
    | { readonly state: 'recorded' }
    | {
        readonly state: 'concluded';
        readonly conclusion: Result;
        readonly reason: string | undefined;
        readonly by: string;
      }
  );

export interface IdentificationFile {
  readonly caseReference: CaseReference;
  readonly ownerOrg: string;
  readonly screenings: readonly Screening[];
}

export type IdentificationEvent =
  | ({ readonly type: 'ScreeningRecorded'; readonly caseReference: CaseReference } & Recorded)
  | {
      readonly type: 'ScreeningConcluded';
      readonly screeningId: string;
      readonly conclusion: Result;
      readonly reason: string | undefined;
      readonly noteId: string | undefined;
      readonly by: string;
    }
  | {
      readonly type: 'ScreeningRead';
      readonly screeningId: string;
      readonly organisation: string;
      readonly person: string;
      readonly purpose: string;
      readonly basis: string;
      readonly at: Instant;
    };

export function evolve(before: IdentificationFile | undefined, event: IdentificationEvent): IdentificationFile {
  if (event.type === 'ScreeningRecorded') {
    const { type: _type, caseReference, ...recorded } = event;
    const file = before ?? { caseReference, ownerOrg: event.ownerOrg, screenings: [] };
    return { ...file, screenings: [...file.screenings, { ...recorded, state: 'recorded' }] };
  }
  if (!before) throw new Error(`${event.type} before ScreeningRecorded`);
  if (event.type === 'ScreeningRead') return before;
  const { conclusion, reason, by } = event;
  const screenings = before.screenings.map(
    (one): Screening =>
      one.screeningId === event.screeningId ? { ...one, state: 'concluded', conclusion, reason, by } : one,
  );
  return { ...before, screenings };
}

export interface ScreeningRequest extends Omit<Recorded, 'listVersion' | 'weighed'> {
  readonly caseReference: CaseReference;
}

export type ScreeningRefusal =
  | 'unknown-list'
  | 'unknown-indicator'
  | 'indicator-twice'
  | 'too-many-screenings'
  | 'already-exists'
  | 'already-concluded'
  | 'reason-needed'
  | 'no-basis'
  | 'not-found';

export const HUMAN_ONLY = 'human-only';
const SCREENINGS_AT_MOST = 20;

/** Never asks whether a bed was given, and no bed asks for it: a screening can come after, or never (promise 8). */
export function recordScreening(
  file: IdentificationFile | undefined,
  request: ScreeningRequest,
  lists: ReadonlyMap<string, IndicatorList>,
): Decision<IdentificationEvent, ScreeningRefusal> {
  if ((file?.screenings.length ?? 0) >= SCREENINGS_AT_MOST) return refuse('too-many-screenings', 'case_reference');
  if (file?.screenings.some((one) => one.screeningId === request.screeningId))
    return refuse('already-exists', 'screening_id');
  if (request.list === HUMAN_ONLY) {
    if (request.answers.length > 0) return refuse('unknown-indicator', 'answers');
    return accept<IdentificationEvent>({
      type: 'ScreeningRecorded',
      ...request,
      listVersion: 'none',
      weighed: humanOnly,
    });
  }
  const list = lists.get(request.list);
  if (!list) return refuse('unknown-list', 'list');
  const known = new Set(list.dimensions.flatMap(({ indicators }) => indicators.map((one) => one.code)));
  const asked = request.answers.map((one) => one.indicator);
  if (asked.some((code) => !known.has(code))) return refuse('unknown-indicator', 'answers');
  if (new Set(asked).size < asked.length) return refuse('indicator-twice', 'answers');
  const weighed = weigh(list, request.age, request.answers);
  return accept<IdentificationEvent>({ type: 'ScreeningRecorded', ...request, listVersion: list.version, weighed });
}

export interface Conclusion {
  readonly screeningId: string;
  readonly conclusion: Result;
  readonly reason: string | undefined;
  readonly noteId: string | undefined;
  readonly by: string;
}

/** A human concludes, may differ from the indicators, and then says why (`domain.md` §2). */
export function conclude(file: IdentificationFile, how: Conclusion): Decision<IdentificationEvent, ScreeningRefusal> {
  const screening = file.screenings.find((one) => one.screeningId === how.screeningId);
  if (!screening) return refuse('not-found', 'screening_id');
  if (screening.state === 'concluded') return refuse('already-concluded', 'screening_id');
  const differs = how.conclusion !== screening.weighed.result;
  if (differs && how.reason === undefined) return refuse('reason-needed', 'reason');
  return accept<IdentificationEvent>({ type: 'ScreeningConcluded', ...how });
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
export function readScreening(
  file: IdentificationFile,
  screeningId: string,
  reader: Reader,
): Decision<IdentificationEvent, ScreeningRefusal> {
  const screening = file.screenings.find((one) => one.screeningId === screeningId);
  const own = screening?.ownerOrg === reader.organisation;
  if (!screening || !(own || reader.isAuthority)) return refuse('not-found', 'screening_id');
  if (!own && reader.purpose !== 'identification-decision') return refuse('no-basis', 'purpose');
  if (!own && screening.basis === 'permission' && reader.permissionWithdrawn) return refuse('no-basis', 'purpose');
  const { organisation, person, purpose, at } = reader;
  const basis = own ? 'own-record' : screening.basis;
  return accept<IdentificationEvent>({ type: 'ScreeningRead', screeningId, organisation, person, purpose, basis, at });
}
