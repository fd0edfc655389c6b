import type { Instant } from '@opennrm/runtime/decision';
import type { Answers } from '../intake-form/asked-fields.ts';
import type { StatutoryDeadline } from './statutory-deadline.ts';

/** `disqualified`: protection ends because status was claimed improperly, or for public order (Council of Europe Convention, article 13(3)). */
export type Outcome = 'positive' | 'negative' | 'disqualified';

/** A decision on a person's status: who made it, why, on what, and under which version of the rules. */
export interface StatusDecision {
  readonly decisionId: string;
  readonly step: string;
  readonly outcome: Outcome;
  readonly madeBy: string;
  /** The second person, where the rules ask for one. */
  readonly confirmedBy: string | undefined;
  readonly reasons: readonly string[];
  /** References of what it rests on; the evidence itself is never here. */
  readonly evidence: readonly string[];
  readonly noteId: string | undefined;
  readonly ruleVersion: string;
  readonly at: Instant;
  /** A reconsideration of the decision before it. */
  readonly reconsidered: boolean;
  /** By when the law wanted it; undefined where no clock ran, as for a yes that is taken back. */
  readonly due: Instant | undefined;
}

/** How the person was notified of a decision. */
export interface Notification {
  readonly decisionId: string;
  readonly form: string;
  readonly language: string;
  readonly interpreterId: string | undefined;
  readonly notifiedAt: Instant;
  readonly by: string;
}

/** Made by one person, and nothing yet: a second must confirm it. */
export type Proposal = Omit<StatusDecision, 'confirmedBy' | 'due'>;

/** Whom a procedure waits for while it rests on a ground. */
export type PausedFor = 'informants' | 'person' | 'court';

/** Where a step stands while the authority has it. */
interface OpenStep {
  readonly step: string;
  readonly proposal: Proposal | undefined;
  /** The negative decision that is looked at again. */
  readonly reconsiders: StatusDecision | undefined;
}

/** On which ground it rests, and whom it waits for meanwhile. */
export interface PauseReason {
  readonly ground: string;
  readonly waitsFor: PausedFor;
}

/**
 * Where the formal process of one person stands (`domain.md` §1). `submitted` and what follows run under the clock of a step;
 * `information-requested` and `suspended` hold it.
 */
export type Stage =
  | { readonly at: 'draft' }
  | ({ readonly at: 'submitted' } & OpenStep)
  | ({ readonly at: 'pending' } & OpenStep)
  | ({ readonly at: 'information-requested' } & PauseReason & OpenStep)
  | ({ readonly at: 'suspended' } & PauseReason & OpenStep)
  /** `proposal`: that a yes is taken back again, until a second person has confirmed it. */
  | {
      readonly at: 'decided';
      readonly decision: StatusDecision;
      readonly proposal: Proposal | undefined;
    }
  | { readonly at: 'withdrawn'; readonly by: string }
  /** Drafted and never sent: it ended by itself, so that nobody is blocked by what was forgotten. */
  | { readonly at: 'lapsed' }
  | { readonly at: 'disqualified'; readonly decision: StatusDecision };

export type StageName = Stage['at'];

/** The recovery and reflection period (CoE Convention, article 13): no questions, no removal. */
export type Recovery =
  | { readonly state: 'running'; readonly extended: boolean }
  | { readonly state: 'over'; readonly endedEarlyOn: string | undefined };

export type AgeStatus = 'adult' | 'child' | 'unsure';

export interface FormalProcess {
  readonly processId: string;
  /** The marker that a person can show: answers yes or no, and nothing else. */
  readonly markerId: string;
  /** The organisation that referred. */
  readonly referredBy: string;
  readonly authority: string;
  readonly age: AgeStatus;
  /** The pack under which it runs until somebody decides otherwise. */
  readonly ruleVersion: string;
  readonly stage: Stage;
  /** When and on what basis it was sent, and of which powers the person was informed; undefined: never. */
  readonly submission: SentToAuthority | undefined;
  /** What stands in the country's form, by field. */
  readonly answers: Answers;
  readonly decisions: readonly StatusDecision[];
  /** Decisions of which the person was notified. */
  readonly notifications: readonly Notification[];
  readonly recovery: Recovery | undefined;
  readonly deadlines: Readonly<Record<string, StatutoryDeadline>>;
  /** Clocks that were given more time: each once. */
  readonly extended: readonly string[];
}

export interface SentToAuthority {
  readonly at: Instant;
  readonly basis: string;
  /** Powers of the authority besides identification. */
  readonly informedOfPowers: readonly string[];
}

/** The deadline of the recovery period and reflection period; every other deadline has the code of what is decided. */
export const RECOVERY = 'recovery';
/** How long a negative decision may be asked to be looked at again. */
export const RECONSIDERATION = 'request-reconsideration';
/** How long a draft may lie before it lapses. */
export const DRAFT = 'draft';
/** How long the authority's clock may stand still before somebody is told. */
export const PAUSE = 'pause';
/** How long a yes may be about to be taken back before somebody is told. */
export const DISQUALIFICATION = 'disqualification';
/** By when the person must be notified of every decision. */
export const NOTIFY_PERSON = 'notify-person';

const openStepStages = ['submitted', 'pending', 'information-requested', 'suspended'] as const;

/** A stage in which the authority owes a decision. */
export const hasOpenStep = (stage: Stage): stage is OpenStepStage =>
  openStepStages.some((name) => name === stage.at);

export type OpenStepStage = Extract<Stage, { step: string }>;

/** The role that was told last that something is overdue, the highest where several things are; undefined while nothing is. */
export function escalatedTo({ deadlines }: FormalProcess): string | undefined {
  const running = Object.values(deadlines).flatMap((deadline) =>
    deadline.state === 'running' ? [deadline] : [],
  );
  return running.sort((a, b) => b.escalationCount - a.escalationCount)[0]?.escalatedTo;
}

/** What one person decided and a second has yet to confirm. */
export const proposalOf = ({ stage }: FormalProcess): Proposal | undefined =>
  'proposal' in stage ? stage.proposal : undefined;

/** Nothing is open any more, and no question may be asked again. */
export function isOver({ stage, deadlines }: FormalProcess): boolean {
  if (stage.at === 'withdrawn' || stage.at === 'disqualified' || stage.at === 'lapsed') return true;
  return stage.at === 'decided' && deadlines[RECONSIDERATION] === undefined;
}

/**
 * Removal is barred while identification is open (article 10(2)), during recovery, and while a negative decision may be reconsidered.
 */
export function isRemovalBarred(procedure: FormalProcess): boolean {
  if (procedure.recovery?.state === 'running') return true;
  if (procedure.stage.at === 'draft') return false;
  if (procedure.stage.at === 'decided' && procedure.stage.decision.outcome === 'positive')
    return true;
  return !isOver(procedure);
}
