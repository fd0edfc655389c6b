import type { Instant } from '@opennrm/runtime/decision';
import type { Age, Evaluation, IndicatorAnswer } from './evaluation.ts';
import type { Result } from './indicator-list.ts';

/** One session with the person: its language, and whether an interpreter was present. */
export interface Session {
  /** This and the next two fields are undefined when they were not recorded, which differs from "none". */
  readonly language: string | undefined;
  readonly interpreter: boolean | undefined;
  /** Id of the vetted interpreter in the vault. */
  readonly interpreterId: string | undefined;
  readonly by: string;
  readonly at: Instant;
}

/** A changed answer: its earlier value, and the number of the session in which it was changed. */
export interface ChangedAnswer {
  readonly indicator: string;
  readonly before: IndicatorAnswer['presence'];
  readonly session: number;
}

/** The person could not speak freely or was in danger, so no question was asked. */
export interface SafetyStop {
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
  /** The last answer to each indicator. */
  readonly answers: readonly IndicatorAnswer[];
  readonly basis: string;
  readonly at: Instant;
  readonly sessions: readonly Session[];
  readonly changed: readonly ChangedAnswer[];
  readonly stopped: readonly SafetyStop[];
}

/** A screening records indicators; only a person concludes what they mean. It may have several sessions, with pauses between them. */
export type Screening = Begun &
  (
    | { readonly state: 'open' | 'paused'; readonly evaluation?: undefined }
    | { readonly state: 'recorded'; readonly evaluation: Evaluation }
    | {
        readonly state: 'concluded';
        readonly evaluation: Evaluation;
        readonly conclusion: Result;
        readonly reason: string | undefined;
        readonly pathway: Pathway;
        readonly by: string;
      }
  );

export type ScreeningEvent =
  | ({ readonly type: 'ScreeningBegun'; readonly caseReference: string } & Omit<
      Begun,
      'answers' | 'sessions' | 'changed' | 'stopped'
    > & {
        readonly session: Session;
      })
  | {
      readonly type: 'AnswersGiven';
      readonly screeningId: string;
      readonly answers: readonly IndicatorAnswer[];
      readonly changed: readonly ChangedAnswer[];
      /** Undefined when the last session continues. */
      readonly session: Session | undefined;
    }
  | ({ readonly type: 'ScreeningStopped'; readonly screeningId: string } & SafetyStop)
  | { readonly type: 'ScreeningPaused'; readonly screeningId: string; readonly at: Instant }
  | {
      readonly type: 'ScreeningRecorded';
      readonly screeningId: string;
      readonly evaluation: Evaluation;
    }
  | {
      readonly type: 'ScreeningConcluded';
      readonly screeningId: string;
      readonly conclusion: Result;
      readonly reason: string | undefined;
      readonly noteId: string | undefined;
      /** `labour-rights` for exploitation without trafficking. */
      readonly pathway: Pathway;
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

export type Pathway = 'trafficking' | 'labour-rights' | 'none';

/** The screening after one of its events. */
export function evolveScreening(
  before: Screening,
  event: Exclude<ScreeningEvent, { type: 'ScreeningBegun' }>,
): Screening {
  switch (event.type) {
    case 'AnswersGiven': {
      const given = new Set(event.answers.map(({ indicator }) => indicator));
      const answers = [
        ...before.answers.filter(({ indicator }) => !given.has(indicator)),
        ...event.answers,
      ];
      const sessions = event.session ? [...before.sessions, event.session] : before.sessions;
      return {
        ...before,
        state: 'open',
        evaluation: undefined,
        answers,
        sessions,
        changed: [...before.changed, ...event.changed],
      };
    }
    case 'ScreeningStopped': {
      const { type: _type, screeningId: _id, ...why } = event;
      return {
        ...before,
        state: 'paused',
        evaluation: undefined,
        stopped: [...before.stopped, why],
      };
    }
    case 'ScreeningPaused':
      return { ...before, state: 'paused', evaluation: undefined };
    case 'ScreeningRecorded':
      return { ...before, state: 'recorded', evaluation: event.evaluation };
    case 'ScreeningConcluded': {
      if (!before.evaluation) throw new Error('ScreeningConcluded before ScreeningRecorded');
      const { conclusion, reason, pathway, by } = event;
      return {
        ...before,
        state: 'concluded',
        evaluation: before.evaluation,
        conclusion,
        reason,
        pathway,
        by,
      };
    }
    case 'ScreeningRead':
      return before;
  }
}

export function startOfDay({
  type: _type,
  caseReference: _case,
  session,
  ...begun
}: Extract<ScreeningEvent, { type: 'ScreeningBegun' }>): Screening {
  return { ...begun, answers: [], changed: [], stopped: [], sessions: [session], state: 'open' };
}
