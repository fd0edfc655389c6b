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
  /** The second person, when the rules require one. */
  readonly confirmedBy: string | undefined;
  readonly reasons: readonly string[];
  /** References of its evidence. The evidence itself is never here. */
  readonly evidence: readonly string[];
  readonly noteId: string | undefined;
  readonly ruleVersion: string;
  readonly at: Instant;
  /** Whether it reconsiders the decision before it. */
  readonly reconsidered: boolean;
  /** The statutory deadline; undefined when none ran, as for the revocation of a positive decision. */
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

/** A decision of one person, which takes effect only after a second person confirms it. */
export type Proposal = Omit<StatusDecision, 'confirmedBy' | 'due'>;

/** The party that a procedure waits for during a pause. */
export type PausedFor = 'informants' | 'person' | 'court';

/** An open step, which the authority has to decide. */
interface OpenStep {
  readonly step: string;
  readonly proposal: Proposal | undefined;
  /** The negative decision that is reconsidered. */
  readonly reconsiders: StatusDecision | undefined;
}

/** The ground of a pause, and the party that the procedure waits for. */
export interface PauseReason {
  readonly ground: string;
  readonly waitsFor: PausedFor;
}

/**
 * The stage of a person's formal process (`domain.md` §1). From `submitted` to `suspended` the deadline of a step applies;
 * `information-requested` and `suspended` pause it.
 */
export type Stage =
  | { readonly at: 'draft' }
  | ({ readonly at: 'submitted' } & OpenStep)
  | ({ readonly at: 'pending' } & OpenStep)
  | ({ readonly at: 'information-requested' } & PauseReason & OpenStep)
  | ({ readonly at: 'suspended' } & PauseReason & OpenStep)
  /** `proposal`: the revocation of a positive decision, which a second person has not confirmed yet. */
  | {
      readonly at: 'decided';
      readonly decision: StatusDecision;
      readonly proposal: Proposal | undefined;
    }
  | { readonly at: 'withdrawn'; readonly by: string }
  /** The draft was never sent and ended by itself, so that it blocks no other referral. */
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
  /** The marker that the person can show. It answers only whether removal is barred. */
  readonly markerId: string;
  /** The organisation that referred. */
  readonly referredBy: string;
  readonly authority: string;
  readonly age: AgeStatus;
  /** The pack under which it runs until newer rules are adopted. */
  readonly ruleVersion: string;
  readonly stage: Stage;
  /**
   * When and on which basis it was sent, and the powers of which the person was informed; undefined for a process that was never sent.
   */
  readonly submission: SentToAuthority | undefined;
  /** The answers in the country's form, by field. */
  readonly answers: Answers;
  readonly decisions: readonly StatusDecision[];
  /** Decisions of which the person was notified. */
  readonly notifications: readonly Notification[];
  readonly recovery: Recovery | undefined;
  readonly deadlines: Readonly<Record<string, StatutoryDeadline>>;
  /** Deadlines that were extended: each at most once. */
  readonly extended: readonly string[];
}

export interface SentToAuthority {
  readonly at: Instant;
  readonly basis: string;
  /** Powers of the authority besides identification. */
  readonly informedOfPowers: readonly string[];
}

/** The deadline of the recovery and reflection period. The deadline of a step has the code of the step. */
export const RECOVERY = 'recovery';
/** How long a reconsideration of a negative decision may be requested. */
export const RECONSIDERATION = 'request-reconsideration';
/** How long a draft may wait before it lapses. */
export const DRAFT = 'draft';
/** How long the authority's deadline may be paused before the pause is escalated. */
export const PAUSE = 'pause';
/** How long a proposed disqualification may wait before it is escalated. */
export const DISQUALIFICATION = 'disqualification';
/** The deadline for notifying the person of every decision. */
export const NOTIFY_PERSON = 'notify-person';

const openStepStages = ['submitted', 'pending', 'information-requested', 'suspended'] as const;

/** Whether the authority has to decide a step in this stage. */
export const hasOpenStep = (stage: Stage): stage is OpenStepStage =>
  openStepStages.some((name) => name === stage.at);

export type OpenStepStage = Extract<Stage, { step: string }>;

/** The role that was last notified of an overdue deadline, the highest when there are several; undefined when none is overdue. */
export function escalatedTo({ deadlines }: FormalProcess): string | undefined {
  const running = Object.values(deadlines).flatMap((deadline) =>
    deadline.state === 'running' ? [deadline] : [],
  );
  return running.sort((a, b) => b.escalationCount - a.escalationCount)[0]?.escalatedTo;
}

/** The proposal that waits for a second person. */
export const proposalOf = ({ stage }: FormalProcess): Proposal | undefined =>
  'proposal' in stage ? stage.proposal : undefined;

/** Whether the process is over: no step is open, and no reconsideration can be requested. */
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
