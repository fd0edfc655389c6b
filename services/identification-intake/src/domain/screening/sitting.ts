import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { IndicatorList, Lists } from './indicator-list.ts';
import { beginningOf, type ChangedAnswer, type Screening, type ScreeningEvent, type Sitting } from './screening.ts';
import { type Age, humanOnly, type IndicatorAnswer, weigh } from './weighing.ts';

export type ScreeningRefusal =
  | 'unknown-list'
  | 'unknown-indicator'
  | 'indicator-twice'
  | 'too-many-screenings'
  | 'too-many-sittings'
  | 'too-many-changes'
  | 'safety-first'
  | 'already-exists'
  | 'already-recorded'
  | 'not-recorded'
  | 'already-concluded'
  | 'reason-needed'
  | 'no-basis'
  | 'not-found';

export const HUMAN_ONLY = 'human-only';
const SCREENINGS_AT_MOST = 20;
const SITTINGS_AT_MOST = 50;
const CHANGES_AT_MOST = 500;

/**
 * What is asked before anything else, at each sitting: can she speak freely, and is she in danger now? Nothing else is asked where she cannot, or is;
 * that it was so is kept, and the screening rests.
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
  readonly sitting: Omit<Sitting, 'at'>;
  readonly safety: Safety;
}

const isSafe = ({ speaksFreely, inDanger }: Safety): boolean => speaksFreely && !inDanger;

const stopped = (screeningId: string, { speaksFreely, inDanger }: Safety, by: string, at: Instant): ScreeningEvent => ({
  type: 'ScreeningStopped',
  screeningId,
  speaksFreely,
  inDanger,
  by,
  at,
});

/** Never asks whether a bed was given, and no bed asks for it: a screening can come after, or never (promise 8). */
export function beginScreening(
  screenings: readonly Screening[],
  { safety, sitting, ...request }: ScreeningBeginning,
  lists: Lists,
): Decision<ScreeningEvent, ScreeningRefusal> {
  if (screenings.length >= SCREENINGS_AT_MOST) return refuse('too-many-screenings', 'case_reference');
  if (screenings.some((one) => one.screeningId === request.screeningId))
    return refuse('already-exists', 'screening_id');
  if (!safety.asked) return refuse('safety-first', 'safety');
  const listVersion = versionOf(request.list, lists);
  if (listVersion === undefined) return refuse('unknown-list', 'list');
  const { at, screeningId } = request;
  const list = request.list.split('@')[0] ?? request.list;
  return accept<ScreeningEvent>(
    { type: 'ScreeningBegun', ...request, list, listVersion, sitting: { ...sitting, at } },
    ...(isSafe(safety) ? [] : [stopped(screeningId, safety, sitting.by, at)]),
  );
}

const versionOf = (list: string, lists: Lists): string | undefined =>
  list === HUMAN_ONLY ? 'none' : lists.get(list)?.version;

const listOf = ({ list, listVersion }: Screening, lists: Lists): IndicatorList | undefined =>
  lists.get(`${list}@${listVersion}`);

export interface Answering {
  readonly answers: readonly IndicatorAnswer[];
  readonly sitting: Omit<Sitting, 'at'>;
  /** Asked first wherever a new sitting begins. */
  readonly safety: Safety;
  readonly at: Instant;
}

/** Answers of this sitting. One that was given before may change; what it was stays to be seen. After a pause a new sitting begins. */
export function giveAnswers(
  screening: Screening,
  { answers, sitting, safety, at }: Answering,
  lists: Lists,
): Decision<ScreeningEvent, ScreeningRefusal> {
  if (screening.state === 'recorded' || screening.state === 'concluded')
    return refuse('already-recorded', 'screening_id');
  const known = new Set(
    listOf(screening, lists)?.dimensions.flatMap(({ indicators }) => indicators.map((one) => one.code)),
  );
  const asked = answers.map((one) => one.indicator);
  if (asked.some((code) => !known.has(code))) return refuse('unknown-indicator', 'answers');
  if (new Set(asked).size < asked.length) return refuse('indicator-twice', 'answers');
  const again = screening.state === 'paused' || isOther(screening.sittings.at(-1), sitting);
  if (again && screening.sittings.length >= SITTINGS_AT_MOST) return refuse('too-many-sittings', 'screening_id');
  if (again && !safety.asked) return refuse('safety-first', 'safety');
  const { screeningId } = screening;
  if (safety.asked && !isSafe(safety)) return accept(stopped(screeningId, safety, sitting.by, at));
  const nth = screening.sittings.length + (again ? 1 : 0);
  const before = new Map(screening.answers.map(({ indicator, presence }) => [indicator, presence]));
  const changed = answers.flatMap(({ indicator, presence }): ChangedAnswer[] => {
    const was = before.get(indicator);
    return was === undefined || was === presence ? [] : [{ indicator, before: was, sitting: nth }];
  });
  if (screening.changed.length + changed.length > CHANGES_AT_MOST) return refuse('too-many-changes', 'answers');
  return accept<ScreeningEvent>({
    ...{ type: 'AnswersGiven', screeningId, answers, changed, sitting: again ? { ...sitting, at } : undefined },
  });
}

const isOther = (last: Sitting | undefined, now: Omit<Sitting, 'at'>): boolean =>
  last?.by !== now.by ||
  last.language !== now.language ||
  last.interpreter !== now.interpreter ||
  last.interpreterId !== now.interpreterId;

/** She is tired, or somebody came in: nothing that was said is lost. */
export function pauseScreening(
  { screeningId, state }: Screening,
  at: Instant,
): Decision<ScreeningEvent, ScreeningRefusal> {
  if (state === 'paused') return ignore('already-paused');
  if (state !== 'open') return refuse('already-recorded', 'screening_id');
  return accept<ScreeningEvent>({ type: 'ScreeningPaused', screeningId, at });
}

/** What was answered so far is weighed by the version of the list with which it was begun. */
export function finishScreening(screening: Screening, lists: Lists): Decision<ScreeningEvent, ScreeningRefusal> {
  const { screeningId, age, answers, state } = screening;
  if (state === 'recorded' || state === 'concluded') return refuse('already-recorded', 'screening_id');
  const list = listOf(screening, lists);
  // Answers to a list that is not here any more are not weighed as if nothing had been asked.
  if (!list && screening.list !== HUMAN_ONLY) return refuse('unknown-list', 'screening_id');
  const weighed = list ? weigh(list, age, answers) : humanOnly;
  return accept<ScreeningEvent>({ type: 'ScreeningRecorded', screeningId, weighed });
}

/** A screening that was made on paper, kept as a whole: begun, answered and weighed at once, or refused as a whole. */
export function recordScreening(
  screenings: readonly Screening[],
  beginning: ScreeningBeginning,
  answers: readonly IndicatorAnswer[],
  lists: Lists,
): Decision<ScreeningEvent, ScreeningRefusal> {
  const begun = beginScreening(screenings, beginning, lists);
  if (begun.kind !== 'accepted') return begun;
  const [first, unsafe] = begun.events;
  // It was stopped on paper too: what was asked all the same is not kept.
  if (unsafe) return begun;
  if (first?.type !== 'ScreeningBegun') throw new Error('a screening that begins with something else');
  const open = beginningOf(first);
  const given = giveAnswers(open, { ...beginning, answers }, lists);
  if (given.kind !== 'accepted') return given;
  const finished = finishScreening({ ...open, answers }, lists);
  return finished.kind === 'accepted' ? accept(...begun.events, ...given.events, ...finished.events) : finished;
}
