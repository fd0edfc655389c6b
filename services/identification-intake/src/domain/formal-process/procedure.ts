import type { Instant } from '@opennrm/runtime/decision';
import type { Answers } from '../intake-form/walk.ts';
import type { StatutoryClock } from './statutory-clock.ts';

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

/** How she was told of a decision: codes of the country pack, and by whose voice. */
export interface Told {
  readonly decisionId: string;
  readonly form: string;
  readonly language: string;
  readonly interpreterId: string | undefined;
  readonly toldAt: Instant;
  readonly by: string;
}

/** Made by one person, and nothing yet: a second must confirm it. */
export type Proposal = Omit<StatusDecision, 'confirmedBy' | 'due'>;

/** Whom a procedure waits for while it rests on a ground. */
export type RestsFor = 'informants' | 'person' | 'court';

/** Where a step stands while the authority has it. */
interface HeldByAuthority {
  readonly step: string;
  readonly proposal: Proposal | undefined;
  /** The negative decision that is looked at again. */
  readonly reconsiders: StatusDecision | undefined;
}

/** On which ground it rests, and whom it waits for meanwhile. */
export interface Resting {
  readonly ground: string;
  readonly waitsFor: RestsFor;
}

/**
 * Where the formal process of one person stands (`domain.md` §1). `submitted` and what follows run under the clock of a step;
 * `information-requested` and `suspended` hold it.
 */
export type Stage =
  | { readonly at: 'draft' }
  | ({ readonly at: 'submitted' } & HeldByAuthority)
  | ({ readonly at: 'pending' } & HeldByAuthority)
  | ({ readonly at: 'information-requested' } & Resting & HeldByAuthority)
  | ({ readonly at: 'suspended' } & Resting & HeldByAuthority)
  /** `proposal`: that a yes is taken back again, until a second person has confirmed it. */
  | { readonly at: 'decided'; readonly decision: StatusDecision; readonly proposal: Proposal | undefined }
  | { readonly at: 'withdrawn'; readonly by: string }
  /** Drafted and never sent: it ended by itself, so that nobody is blocked by what was forgotten. */
  | { readonly at: 'lapsed' }
  | { readonly at: 'disqualified'; readonly decision: StatusDecision };

export type StageName = Stage['at'];

/** The time in which nothing is asked of her and nobody removes her (Council of Europe Convention, article 13). */
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
  /** When and on what it was sent to the authority, and what she was told before of its other powers; undefined: it never was. */
  readonly submission: SentToAuthority | undefined;
  /** What stands in the country's form, by field. */
  readonly answers: Answers;
  readonly decisions: readonly StatusDecision[];
  /** Of which decisions she was told, and how. */
  readonly told: readonly Told[];
  readonly recovery: Recovery | undefined;
  readonly clocks: Readonly<Record<string, StatutoryClock>>;
  /** Clocks that were given more time: each once. */
  readonly extended: readonly string[];
}

export interface SentToAuthority {
  readonly at: Instant;
  readonly basis: string;
  /** Powers of the authority besides identification. */
  readonly toldOfPowers: readonly string[];
}

/** The clock of the recovery and reflection period; every other clock has the code of what is decided. */
export const RECOVERY = 'recovery';
/** How long a negative decision may be asked to be looked at again. */
export const ASK_AGAIN = 'ask-for-reconsideration';
/** How long a draft may lie before it lapses. */
export const DRAFT = 'draft';
/** How long the authority's clock may stand still before somebody is told. */
export const PAUSE = 'pause';
/** How long a yes may be about to be taken back before somebody is told. */
export const TAKE_BACK = 'take-back';
/** By when she must have been told of every decision. */
export const TELL_HER = 'tell-her';

const inHand = ['submitted', 'pending', 'information-requested', 'suspended'] as const;

/** A stage in which the authority owes a decision. */
export const isInHand = (stage: Stage): stage is InHand => inHand.some((name) => name === stage.at);

export type InHand = Extract<Stage, { step: string }>;

/** The role that was told last that something is overdue, the highest where several things are; undefined while nothing is. */
export function escalatedTo({ clocks }: FormalProcess): string | undefined {
  const told = Object.values(clocks).flatMap((clock) => (clock.state === 'running' ? [clock] : []));
  return told.sort((a, b) => b.told - a.told)[0]?.toldTo;
}

/** What one person decided and a second has yet to confirm. */
export const proposalOf = ({ stage }: FormalProcess): Proposal | undefined =>
  'proposal' in stage ? stage.proposal : undefined;

/** Nothing is open any more, and no question may be asked again. */
export function isOver({ stage, clocks }: FormalProcess): boolean {
  if (stage.at === 'withdrawn' || stage.at === 'disqualified' || stage.at === 'lapsed') return true;
  return stage.at === 'decided' && clocks[ASK_AGAIN] === undefined;
}

/**
 * May this person be removed from the country now? Never while identification is open (article 10(2) of the convention), while she recovers, and
 * while a no may still be looked at again.
 */
export function isRemovalBarred(procedure: FormalProcess): boolean {
  if (procedure.recovery?.state === 'running') return true;
  if (procedure.stage.at === 'draft') return false;
  if (procedure.stage.at === 'decided' && procedure.stage.decision.outcome === 'positive') return true;
  return !isOver(procedure);
}
