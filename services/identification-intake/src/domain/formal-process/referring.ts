import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import { type Changes, problemsOf } from '../intake-form/filling.ts';
import { missing } from '../intake-form/walk.ts';
import type { ProcessEvent } from './events.ts';
import { type AgeStatus, type FormalProcess, isOver } from './procedure.ts';
import { type Actor, onHand, type ProcessDecision, type Rules } from './rules.ts';
import { started } from './statutory-clock.ts';

export interface Beginning {
  readonly caseReference: string;
  readonly processId: string;
  readonly markerId: string;
  readonly referredBy: string;
  readonly authority: { readonly organisationId: string } | undefined;
  readonly age: AgeStatus;
}

/** A referral to the competent authority is drafted. One at a time; a new one may follow one that is over, unless that ended with a yes. */
export function beginProcess(before: FormalProcess | undefined, beginning: Beginning, rules: Rules): ProcessDecision {
  if (before && !isOver(before)) return refuse('already-open', 'case_reference');
  // A yes stands, and what it protects her from: a new draft would take its place.
  if (before?.stage.at === 'decided' && before.stage.decision.outcome === 'positive')
    return refuse('already-decided', 'case_reference');
  const { authority, ...begun } = beginning;
  if (!authority) return refuse('unknown-authority', 'authority_id');
  return accept<ProcessEvent>({
    ...{ type: 'ProcessBegun', ...begun, authority: authority.organisationId, ruleVersion: rules.id },
  });
}

export interface Submission {
  /** The person's own permission, where there is one. */
  readonly permitted: boolean;
  /** The authority is also an enforcement body. */
  readonly authorityEnforces: boolean;
  /** She was told before what the authority may also do. */
  readonly personTold: boolean;
  readonly at: Instant;
}

/**
 * An adult is referred only when she permits it. A child, and whoever may be one, is referred without being asked, as a child (article 10(3) of the
 * convention). The first step's clock starts now, whenever the authority opens its post.
 */
export function submitProcess(procedure: FormalProcess, submission: Submission, rules: Rules): ProcessDecision {
  if (procedure.stage.at === 'withdrawn' || procedure.stage.at === 'disqualified') return refuse(procedure.stage.at);
  if (procedure.stage.at !== 'draft') return refuse('already-submitted');
  if (rules.form && missing(rules.form, procedure.answers, 'submitted').length > 0)
    return refuse('form-incomplete', 'answers');
  const { permitted, authorityEnforces, personTold, at } = submission;
  if (procedure.age === 'adult' && !permitted) return refuse('permission-needed', 'basis');
  if (authorityEnforces && !personTold) return refuse('person-not-told', 'person_told_of_powers');
  const [first] = rules.steps;
  if (!first) throw new Error('a process without steps');
  const basis = procedure.age === 'adult' ? 'permission' : 'child-protection';
  return accept<ProcessEvent>(
    { type: 'ProcessSubmitted', step: first.code, basis, at },
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
  if (stage.at === 'withdrawn' || stage.at === 'disqualified') return refuse(stage.at);
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
  const { stage, clocks, recovery } = procedure;
  if (stage.at === 'withdrawn' || stage.at === 'disqualified') return refuse(stage.at);
  if (isOver(procedure)) return refuse('already-decided');
  // What was begun for her recovery runs to its end.
  const ended = Object.keys(clocks).filter((clock) => clock !== 'recovery' || recovery?.state !== 'running');
  return accept<ProcessEvent>(
    { type: 'ProcessWithdrawn', by },
    ...ended.map((clock): ProcessEvent => ({ type: 'ClockEnded', clock })),
  );
}
