import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import { type Age, evaluate, humanOnly, type IndicatorAnswer } from './evaluation.ts';
import type { IndicatorList, Lists } from './indicator-list.ts';
import {
  type ChangedAnswer,
  type Screening,
  type ScreeningEvent,
  type Session,
  startOfDay,
} from './screening.ts';

export type ScreeningRefusal =
  | 'unknown-list'
  | 'unknown-indicator'
  | 'indicator-twice'
  | 'too-many-screenings'
  | 'too-many-sessions'
  | 'too-many-changes'
  | 'safety-not-asked'
  | 'already-exists'
  | 'already-recorded'
  | 'not-recorded'
  | 'already-concluded'
  | 'reason-needed'
  | 'no-basis'
  | 'not-found';

export const HUMAN_ONLY = 'human-only';
const SCREENINGS_AT_MOST = 20;
const SESSIONS_AT_MOST = 50;
const CHANGES_AT_MOST = 500;

/**
 * The safety questions of each session: can the person speak freely, are they in danger? When the person is not safe, no question is
 * asked, this is recorded, and the screening is paused.
 */
export interface Safety {
  readonly asked: boolean;
  readonly speaksFreely: boolean;
  readonly inDanger: boolean;
}

export interface ScreeningBeginning {
  readonly screeningId: string;
  readonly caseReference: string;
  readonly ownerOrg: string;
  readonly list: string;
  readonly age: Age;
  readonly basis: string;
  readonly at: Instant;
  readonly session: Omit<Session, 'at'>;
  readonly safety: Safety;
}

const isSafe = ({ speaksFreely, inDanger }: Safety): boolean => speaksFreely && !inDanger;

const stopped = (
  screeningId: string,
  { speaksFreely, inDanger }: Safety,
  by: string,
  at: Instant,
): ScreeningEvent => ({
  type: 'ScreeningStopped',
  screeningId,
  speaksFreely,
  inDanger,
  by,
  at,
});

/** Begins a screening, independently of any bed: no bed depends on a screening, and a screening may come later or never (promise 8). */
export function beginScreening(
  screenings: readonly Screening[],
  { safety, session, ...request }: ScreeningBeginning,
  lists: Lists,
): Decision<ScreeningEvent, ScreeningRefusal> {
  if (screenings.length >= SCREENINGS_AT_MOST)
    return refuse('too-many-screenings', 'case_reference');
  if (screenings.some((one) => one.screeningId === request.screeningId))
    return refuse('already-exists', 'screening_id');
  if (!safety.asked) return refuse('safety-not-asked', 'safety');
  const listVersion = versionOf(request.list, lists);
  if (listVersion === undefined) return refuse('unknown-list', 'list');
  const { at, screeningId } = request;
  const list = request.list.split('@')[0] ?? request.list;
  return accept<ScreeningEvent>(
    { type: 'ScreeningBegun', ...request, list, listVersion, session: { ...session, at } },
    ...(isSafe(safety) ? [] : [stopped(screeningId, safety, session.by, at)]),
  );
}

const versionOf = (list: string, lists: Lists): string | undefined =>
  list === HUMAN_ONLY ? 'none' : lists.get(list)?.version;

const listOf = ({ list, listVersion }: Screening, lists: Lists): IndicatorList | undefined =>
  lists.get(`${list}@${listVersion}`);

export interface Answering {
  readonly answers: readonly IndicatorAnswer[];
  readonly session: Omit<Session, 'at'>;
  /** Required when a new session begins. */
  readonly safety: Safety;
  readonly at: Instant;
}

/**
 * Records the answers of this session. An earlier answer may change, and its earlier value is recorded. After a pause a new session
 * begins.
 */
export function giveAnswers(
  screening: Screening,
  { answers, session, safety, at }: Answering,
  lists: Lists,
): Decision<ScreeningEvent, ScreeningRefusal> {
  if (screening.state === 'recorded' || screening.state === 'concluded')
    return refuse('already-recorded', 'screening_id');
  const known = new Set(
    listOf(screening, lists)?.dimensions.flatMap(({ indicators }) =>
      indicators.map((one) => one.code),
    ),
  );
  const asked = answers.map((one) => one.indicator);
  if (asked.some((code) => !known.has(code))) return refuse('unknown-indicator', 'answers');
  if (new Set(asked).size < asked.length) return refuse('indicator-twice', 'answers');
  const again = screening.state === 'paused' || isOther(screening.sessions.at(-1), session);
  if (again && screening.sessions.length >= SESSIONS_AT_MOST)
    return refuse('too-many-sessions', 'screening_id');
  if (again && !safety.asked) return refuse('safety-not-asked', 'safety');
  const { screeningId } = screening;
  if (safety.asked && !isSafe(safety)) return accept(stopped(screeningId, safety, session.by, at));
  const nth = screening.sessions.length + (again ? 1 : 0);
  const before = new Map(screening.answers.map(({ indicator, presence }) => [indicator, presence]));
  const changed = answers.flatMap(({ indicator, presence }): ChangedAnswer[] => {
    const was = before.get(indicator);
    return was === undefined || was === presence ? [] : [{ indicator, before: was, session: nth }];
  });
  if (screening.changed.length + changed.length > CHANGES_AT_MOST)
    return refuse('too-many-changes', 'answers');
  return accept<ScreeningEvent>({
    type: 'AnswersGiven',
    screeningId,
    answers,
    changed,
    session: again ? { ...session, at } : undefined,
  });
}

const isOther = (last: Session | undefined, now: Omit<Session, 'at'>): boolean =>
  last?.by !== now.by ||
  last.language !== now.language ||
  last.interpreter !== now.interpreter ||
  last.interpreterId !== now.interpreterId;

/** Pauses a screening, e.g. when the person is tired. No answer is lost. */
export function pauseScreening(
  { screeningId, state }: Screening,
  at: Instant,
): Decision<ScreeningEvent, ScreeningRefusal> {
  if (state === 'paused') return ignore('already-paused');
  if (state !== 'open') return refuse('already-recorded', 'screening_id');
  return accept<ScreeningEvent>({ type: 'ScreeningPaused', screeningId, at });
}

/** Evaluates the answers by the version of the list that the screening began with. */
export function finishScreening(
  screening: Screening,
  lists: Lists,
): Decision<ScreeningEvent, ScreeningRefusal> {
  const { screeningId, age, answers, state } = screening;
  if (state === 'recorded' || state === 'concluded')
    return refuse('already-recorded', 'screening_id');
  const list = listOf(screening, lists);
  // Answers to a list that no longer exists are not evaluated as if nothing was asked.
  if (!list && screening.list !== HUMAN_ONLY) return refuse('unknown-list', 'screening_id');
  const evaluation = list ? evaluate(list, age, answers) : humanOnly;
  return accept<ScreeningEvent>({ type: 'ScreeningRecorded', screeningId, evaluation });
}

/** Records a screening that was made on paper: begun, answered and evaluated at once, or refused as a whole. */
export function recordScreening(
  screenings: readonly Screening[],
  beginning: ScreeningBeginning,
  answers: readonly IndicatorAnswer[],
  lists: Lists,
): Decision<ScreeningEvent, ScreeningRefusal> {
  const begun = beginScreening(screenings, beginning, lists);
  if (begun.kind !== 'accepted') return begun;
  const [first, unsafe] = begun.events;
  // The screening was stopped for safety on paper: answers that were given nevertheless are not stored.
  if (unsafe) return begun;
  if (first?.type !== 'ScreeningBegun')
    throw new Error('the first event of a screening is not ScreeningBegun');
  const open = startOfDay(first);
  const given = giveAnswers(open, { ...beginning, answers }, lists);
  if (given.kind !== 'accepted') return given;
  const finished = finishScreening({ ...open, answers }, lists);
  return finished.kind === 'accepted'
    ? accept(...begun.events, ...given.events, ...finished.events)
    : finished;
}
