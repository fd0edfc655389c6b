import type {
  Calendar,
  CountryPack,
  Identification,
  IntakeForm,
  Step,
  Term,
} from '@opennrm/country';
import { type Decision, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, hasOpenStep, type OpenStepStage, type Stage } from './procedure.ts';

/** The rules of one pack version that a process under it needs. */
export interface Rules extends Identification {
  readonly id: string;
  readonly country: string;
  /** `year.number` */
  readonly version: string;
  readonly workdays: Calendar;
  /** The form for referring a person, when the country has one. */
  readonly form: IntakeForm | undefined;
}

export function rulesOf({
  id,
  country,
  version,
  identification,
  calendars,
  intakeForm: form,
}: CountryPack): Rules {
  const workdays = calendars.find(({ code }) => code === identification.calendar);
  if (!workdays)
    throw new Error('a pack whose calendar of the authority is missing cannot have been loaded');
  return { ...identification, id, country, version, workdays, form };
}

/** The person who acts, as the rules need them. */
export interface Actor {
  readonly person: string;
  readonly organisation: string;
  /** The desk that this person holds; undefined when the country gives them none. */
  readonly desk: string | undefined;
}

export const holdsOneOf = ({ desk }: Pick<Actor, 'desk'>, desks: readonly string[]): boolean =>
  desk !== undefined && desks.includes(desk);

export type ProcessRefusal =
  | 'already-open'
  | 'role-may-not-refer'
  | 'unknown-authority'
  | 'already-submitted'
  | 'not-submitted'
  | 'permission-needed'
  | 'person-not-informed'
  | 'age-differs'
  | 'declined-in-form'
  | 'not-the-authority'
  | 'role-may-not-decide'
  | 'already-taken-up'
  | 'not-taken-up'
  | 'not-paused'
  | 'paused'
  | 'unknown-ground'
  | 'reasons-needed'
  | 'unknown-reason'
  | 'during-recovery'
  | 'being-confirmed'
  | 'nothing-to-confirm'
  | 'another-proposal'
  | 'second-person-needed'
  | 'another-person-needed'
  | 'already-decided'
  | 'not-decided'
  | 'no-reconsideration'
  | 'too-late'
  | 'no-such-deadline'
  | 'too-long'
  | 'not-in-recovery'
  | 'already-extended'
  | 'not-newer'
  | 'unknown-step'
  | 'no-basis'
  | 'not-the-referrer'
  | 'no-form'
  | 'form-answer-wrong'
  | 'form-incomplete'
  | 'unknown-decision'
  | 'unknown-notification-form'
  | 'already-notified'
  | 'in-the-future'
  | 'before-decision'
  | 'superseded'
  | 'lapsed'
  | 'withdrawn'
  | 'disqualified';

export type ProcessDecision = Decision<ProcessEvent, ProcessRefusal>;

export const stepOf = ({ steps }: Rules, code: string): Step => {
  const step = steps.find((one) => one.code === code);
  if (!step) throw new Error(`the rules of this process have no step ${code}`);
  return step;
};

/** The next step; undefined after the last. */
export const stepAfter = ({ steps }: Rules, code: string): Step | undefined =>
  steps[steps.findIndex((one) => one.code === code) + 1];

export const hasCode = (list: readonly { readonly code: string }[], code: string): boolean =>
  list.some((one) => one.code === code);

/** The term of the open step: the step's own, or that of its reconsideration. */
export function termOfOpenStep(rules: Rules, { step: code, reconsiders }: OpenStepStage): Term {
  const step = stepOf(rules, code);
  return (reconsiders && step.reconsideration?.decidedWithin) || step.term;
}

/** The refusal when no step is open. */
function noOpenStepRefusal(stage: Exclude<Stage, OpenStepStage>): ProcessRefusal {
  switch (stage.at) {
    case 'draft':
      return 'not-submitted';
    case 'decided':
      return 'already-decided';
    case 'withdrawn':
    case 'disqualified':
    case 'lapsed':
      return stage.at;
  }
}

/** Applies `act` to the open step, or refuses when no step is open. */
export function onOpenStep(
  procedure: FormalProcess,
  actor: Actor,
  act: (stage: OpenStepStage) => ProcessDecision,
): ProcessDecision {
  const { stage, authority } = procedure;
  if (!hasOpenStep(stage)) return refuse(noOpenStepRefusal(stage));
  return actor.organisation === authority ? act(stage) : refuse('not-the-authority');
}
