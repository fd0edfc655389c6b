import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import { formMismatch, missingFields } from '../intake-form/asked-fields.ts';
import { type Changes, problemsOf } from '../intake-form/filling.ts';
import type { ProcessEvent } from './events.ts';
import { type AgeStatus, DRAFT, type FormalProcess, isOver, RECOVERY } from './procedure.ts';
import { type Actor, holdsOneOf, onOpenStep, type ProcessDecision, type Rules } from './rules.ts';
import { started } from './statutory-deadline.ts';

export interface Beginning {
  readonly caseReference: string;
  readonly processId: string;
  readonly markerId: string;
  /** The referrer, who must have a role that the country names. */
  readonly by: Pick<Actor, 'organisation' | 'desk'>;
  readonly authority: { readonly organisationId: string } | undefined;
  readonly age: AgeStatus;
  readonly at: Instant;
}

/**
 * Drafts a referral to the competent authority. A person has one procedure at a time. A new one may follow one that is over, unless that
 * ended with a positive decision. A draft that is not sent lapses, so that it does not block other referrals.
 */
export function beginProcess(
  before: FormalProcess | undefined,
  beginning: Beginning,
  rules: Rules,
): ProcessDecision {
  if (before && !isOver(before)) return refuse('already-open', 'case_reference');
  // A positive decision protects the person: no new draft replaces it.
  if (before?.stage.at === 'decided' && before.stage.decision.outcome === 'positive')
    return refuse('already-decided', 'case_reference');
  const { authority, by, at, ...begun } = beginning;
  if (!holdsOneOf(by, rules.referredBy)) return refuse('role-may-not-refer');
  if (!authority) return refuse('unknown-authority', 'authority_id');
  const who = { referredBy: by.organisation, authority: authority.organisationId };
  return accept<ProcessEvent>(
    { type: 'ProcessBegun', ...begun, ...who, ruleVersion: rules.id },
    { type: 'DeadlineSet', deadline: DRAFT, to: started(rules, rules.inactive.draft, at) },
  );
}

export interface Submission {
  /** Whether there is a valid permission of the person. */
  readonly permitted: boolean;
  /** The powers of the authority besides identification. */
  readonly otherPowers: readonly string[];
  /** Whether the person was informed of all these powers. */
  readonly personInformed: boolean;
  readonly at: Instant;
}

/**
 * Submits a draft. An adult is referred only with their permission. A person who is or may be a child is referred without it, as a child
 * (article 10(3) of the convention). The deadline of the first step starts now, whenever the authority opens the referral.
 */
export function submitProcess(
  procedure: FormalProcess,
  submission: Submission,
  rules: Rules,
): ProcessDecision {
  const { stage } = procedure;
  if (stage.at === 'withdrawn' || stage.at === 'disqualified' || stage.at === 'lapsed')
    return refuse(stage.at);
  if (stage.at !== 'draft') return refuse('already-submitted');
  if (rules.form && missingFields(rules.form, procedure.answers, 'submitted').length > 0)
    return refuse('form-incomplete', 'answers');
  const differs = rules.form && formMismatch(rules.form, procedure.answers, procedure.age);
  if (differs) return refuse(differs, 'answers');
  const { permitted, otherPowers, personInformed, at } = submission;
  if (procedure.age === 'adult' && !permitted) return refuse('permission-needed', 'basis');
  if (otherPowers.length > 0 && !personInformed)
    return refuse('person-not-informed', 'person_informed_of_powers');
  const [first] = rules.steps;
  if (!first) throw new Error('a process without steps');
  const basis = procedure.age === 'adult' ? 'permission' : 'child-protection';
  return accept<ProcessEvent>(
    { type: 'ProcessSubmitted', step: first.code, basis, informedOfPowers: otherPowers, at },
    { type: 'DeadlineEnded', deadline: DRAFT },
    { type: 'DeadlineSet', deadline: first.code, to: started(rules, first.term, at) },
  );
}

/** The referrer answers the form until the final decision. Each change stays in the journal. */
export function answerForm(
  procedure: FormalProcess,
  { changes, by, at }: { readonly changes: Changes; readonly by: string; readonly at: Instant },
  { form }: Rules,
): ProcessDecision {
  const { stage } = procedure;
  if (stage.at === 'withdrawn' || stage.at === 'disqualified' || stage.at === 'lapsed')
    return refuse(stage.at);
  if (stage.at === 'decided') return refuse('already-decided');
  if (!form) return refuse('no-form', 'process_id');
  if (problemsOf(form, procedure.answers, changes).length > 0)
    return refuse('form-answer-wrong', 'answers');
  return accept<ProcessEvent>({ type: 'FormAnswered', changes, by, at });
}

/** Records that a person of the authority has opened the referral. */
export const takeUp = (procedure: FormalProcess, actor: Actor): ProcessDecision =>
  onOpenStep(procedure, actor, (stage) =>
    stage.at === 'submitted'
      ? accept<ProcessEvent>({ type: 'ProcessTakenUp', by: actor.person })
      : refuse('already-taken-up'),
  );

/** The person withdraws the referral. Support that they receive does not end. */
export function withdrawProcess(procedure: FormalProcess, by: string): ProcessDecision {
  const { stage, deadlines } = procedure;
  if (stage.at === 'withdrawn' || stage.at === 'disqualified' || stage.at === 'lapsed')
    return refuse(stage.at);
  if (isOver(procedure)) return refuse('already-decided');
  // The recovery period continues to its end.
  const ended = Object.keys(deadlines).filter((deadline) => deadline !== RECOVERY);
  return accept<ProcessEvent>(
    { type: 'ProcessWithdrawn', by },
    ...ended.map((deadline): ProcessEvent => ({ type: 'DeadlineEnded', deadline })),
  );
}
