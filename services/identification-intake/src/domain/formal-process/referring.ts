import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import { type Changes, problemsOf } from '../intake-form/filling.ts';
import { missing, whatDiffers } from '../intake-form/walk.ts';
import type { ProcessEvent } from './events.ts';
import { type AgeStatus, DRAFT, type FormalProcess, isOver, RECOVERY } from './procedure.ts';
import { type Actor, holdsOneOf, onHand, type ProcessDecision, type Rules } from './rules.ts';
import { started } from './statutory-clock.ts';

export interface Beginning {
  readonly caseReference: string;
  readonly processId: string;
  readonly markerId: string;
  /** Who refers: only the roles that the country names. */
  readonly by: Pick<Actor, 'organisation' | 'desk'>;
  readonly authority: { readonly organisationId: string } | undefined;
  readonly age: AgeStatus;
  readonly at: Instant;
}

/**
 * A referral to the competent authority is drafted. One at a time; a new one may follow one that is over, unless that ended with a yes. A draft that
 * nobody sends lapses, so that no forgotten one keeps others from referring her.
 */
export function beginProcess(before: FormalProcess | undefined, beginning: Beginning, rules: Rules): ProcessDecision {
  if (before && !isOver(before)) return refuse('already-open', 'case_reference');
  // A yes stands, and what it protects her from: a new draft would take its place.
  if (before?.stage.at === 'decided' && before.stage.decision.outcome === 'positive')
    return refuse('already-decided', 'case_reference');
  const { authority, by, at, ...begun } = beginning;
  if (!holdsOneOf(by, rules.referredBy)) return refuse('role-may-not-refer');
  if (!authority) return refuse('unknown-authority', 'authority_id');
  const who = { referredBy: by.organisation, authority: authority.organisationId };
  return accept<ProcessEvent>(
    { type: 'ProcessBegun', ...begun, ...who, ruleVersion: rules.id },
    { type: 'ClockSet', clock: DRAFT, to: started(rules, rules.rests.draft, at) },
  );
}

export interface Submission {
  /** The person's own permission, where there is one. */
  readonly permitted: boolean;
  /** What the authority may do besides identification. */
  readonly otherPowers: readonly string[];
  /** She was told before of all of these. */
  readonly personTold: boolean;
  readonly at: Instant;
}

/**
 * An adult is referred only when she permits it. A child, and whoever may be one, is referred without being asked, as a child (article 10(3) of the
 * convention). The first step's clock starts now, whenever the authority opens its post.
 */
export function submitProcess(procedure: FormalProcess, submission: Submission, rules: Rules): ProcessDecision {
  const { stage } = procedure;
  if (stage.at === 'withdrawn' || stage.at === 'disqualified' || stage.at === 'lapsed') return refuse(stage.at);
  if (stage.at !== 'draft') return refuse('already-submitted');
  if (rules.form && missing(rules.form, procedure.answers, 'submitted').length > 0)
    return refuse('form-incomplete', 'answers');
  const differs = rules.form && whatDiffers(rules.form, procedure.answers, procedure.age);
  if (differs) return refuse(differs, 'answers');
  const { permitted, otherPowers, personTold, at } = submission;
  if (procedure.age === 'adult' && !permitted) return refuse('permission-needed', 'basis');
  if (otherPowers.length > 0 && !personTold) return refuse('person-not-told', 'person_told_of_powers');
  const [first] = rules.steps;
  if (!first) throw new Error('a process without steps');
  const basis = procedure.age === 'adult' ? 'permission' : 'child-protection';
  return accept<ProcessEvent>(
    { type: 'ProcessSubmitted', step: first.code, basis, toldOfPowers: otherPowers, at },
    { type: 'ClockEnded', clock: DRAFT },
    { type: 'ClockSet', clock: first.code, to: started(rules, first.term, at) },
  );
}

/** The form is filled in by those who refer her, as long as nothing is decided for good: every answer, and every change of one, stays in the journal. */
export function answerForm(
  procedure: FormalProcess,
  { changes, by, at }: { readonly changes: Changes; readonly by: string; readonly at: Instant },
  { form }: Rules,
): ProcessDecision {
  const { stage } = procedure;
  if (stage.at === 'withdrawn' || stage.at === 'disqualified' || stage.at === 'lapsed') return refuse(stage.at);
  if (stage.at === 'decided') return refuse('already-decided');
  if (!form) return refuse('no-form', 'process_id');
  if (problemsOf(form, procedure.answers, changes).length > 0) return refuse('form-answer-wrong', 'answers');
  return accept<ProcessEvent>({ type: 'FormAnswered', changes, by, at });
}

/** The authority opens the file: somebody there has it now. */
export const takeUp = (procedure: FormalProcess, actor: Actor): ProcessDecision =>
  onHand(procedure, actor, (stage) =>
    stage.at === 'submitted'
      ? accept<ProcessEvent>({ type: 'ProcessTakenUp', by: actor.person })
      : refuse('already-taken-up'),
  );

/** She takes it back. Nothing that she was given ends with it. */
export function withdrawProcess(procedure: FormalProcess, by: string): ProcessDecision {
  const { stage, clocks } = procedure;
  if (stage.at === 'withdrawn' || stage.at === 'disqualified' || stage.at === 'lapsed') return refuse(stage.at);
  if (isOver(procedure)) return refuse('already-decided');
  // What was begun for her recovery runs to its end.
  const ended = Object.keys(clocks).filter((clock) => clock !== RECOVERY);
  return accept<ProcessEvent>(
    { type: 'ProcessWithdrawn', by },
    ...ended.map((clock): ProcessEvent => ({ type: 'ClockEnded', clock })),
  );
}
