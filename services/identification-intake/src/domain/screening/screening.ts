import type { Instant } from '@opennrm/runtime/decision';
import type { Result } from './indicator-list.ts';
import type { Age, IndicatorAnswer, Weighed } from './weighing.ts';

/** One time that somebody sat down with the person: in which language, and whether another voice was in the room. */
export interface Sitting {
  /** Undefined, as the two after it: it was not written down, which is not the same as "none". */
  readonly language: string | undefined;
  readonly interpreter: boolean | undefined;
  /** The vetted interpreter, as the vault has her. */
  readonly interpreterId: string | undefined;
  readonly by: string;
  readonly at: Instant;
}

/** An answer that was changed: what it was before, and in which sitting it was changed. */
export interface ChangedAnswer {
  readonly indicator: string;
  readonly before: IndicatorAnswer['presence'];
  readonly sitting: number;
}

/** She could not speak freely, or was in danger: nothing was asked. */
export interface Stopped {
  readonly at: Instant;
  readonly by: string;
  readonly speaksFreely: boolean;
  readonly inDanger: boolean;
}

interface Begun {
  readonly screeningId: string;
  readonly ownerOrg: string;
  readonly list: string;
  readonly listVersion: string;
  readonly age: Age;
  /** To every indicator the last answer. */
  readonly answers: readonly IndicatorAnswer[];
  readonly basis: string;
  readonly at: Instant;
  readonly sittings: readonly Sitting[];
  readonly changed: readonly ChangedAnswer[];
  readonly stopped: readonly Stopped[];
}

/** A screening says what was seen; only a human concludes what it means. It may take several sittings, and rest between them. */
export type Screening = Begun &
  (
    | { readonly state: 'open' | 'paused'; readonly weighed?: undefined }
    | { readonly state: 'recorded'; readonly weighed: Weighed }
    | {
        readonly state: 'concluded';
        readonly weighed: Weighed;
        readonly conclusion: Result;
        readonly reason: string | undefined;
        readonly road: Road;
        readonly by: string;
      }
  );

export type ScreeningEvent =
  | ({ readonly type: 'ScreeningBegun'; readonly caseReference: string } & Omit<
      Begun,
      'answers' | 'sittings' | 'changed' | 'stopped'
    > & {
        readonly sitting: Sitting;
      })
  | {
      readonly type: 'AnswersGiven';
      readonly screeningId: string;
      readonly answers: readonly IndicatorAnswer[];
      readonly changed: readonly ChangedAnswer[];
      /** Undefined while the last sitting goes on. */
      readonly sitting: Sitting | undefined;
    }
  | ({ readonly type: 'ScreeningStopped'; readonly screeningId: string } & Stopped)
  | { readonly type: 'ScreeningPaused'; readonly screeningId: string; readonly at: Instant }
  | { readonly type: 'ScreeningRecorded'; readonly screeningId: string; readonly weighed: Weighed }
  | {
      readonly type: 'ScreeningConcluded';
      readonly screeningId: string;
      readonly conclusion: Result;
      readonly reason: string | undefined;
      readonly noteId: string | undefined;
      /** Exploitation without trafficking is a case for labour rights; `none` otherwise. */
      readonly road: Road;
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

export type Road = 'trafficking' | 'labour-rights' | 'none';

/** The screening after an event of its own. */
export function evolveScreening(
  before: Screening,
  event: Exclude<ScreeningEvent, { type: 'ScreeningBegun' }>,
): Screening {
  switch (event.type) {
    case 'AnswersGiven': {
      const given = new Set(event.answers.map(({ indicator }) => indicator));
      const answers = [...before.answers.filter(({ indicator }) => !given.has(indicator)), ...event.answers];
      const sittings = event.sitting ? [...before.sittings, event.sitting] : before.sittings;
      return {
        ...before,
        state: 'open',
        weighed: undefined,
        answers,
        sittings,
        changed: [...before.changed, ...event.changed],
      };
    }
    case 'ScreeningStopped': {
      const { type: _type, screeningId: _id, ...why } = event;
      return { ...before, state: 'paused', weighed: undefined, stopped: [...before.stopped, why] };
    }
    case 'ScreeningPaused':
      return { ...before, state: 'paused', weighed: undefined };
    case 'ScreeningRecorded':
      return { ...before, state: 'recorded', weighed: event.weighed };
    case 'ScreeningConcluded': {
      if (!before.weighed) throw new Error('ScreeningConcluded before ScreeningRecorded');
      const { conclusion, reason, road, by } = event;
      return { ...before, state: 'concluded', weighed: before.weighed, conclusion, reason, road, by };
    }
    case 'ScreeningRead':
      return before;
  }
}

export function beginningOf({
  type: _type,
  caseReference: _case,
  sitting,
  ...begun
}: Extract<ScreeningEvent, { type: 'ScreeningBegun' }>): Screening {
  return { ...begun, answers: [], changed: [], stopped: [], sittings: [sitting], state: 'open' };
}
