import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, TELL_HER, type Told } from './procedure.ts';
import { known, type ProcessDecision, type Rules } from './rules.ts';

/**
 * She was told of a decision about her: in a form that the country knows, in which language, with whose voice. Once for each decision; when there is
 * none left of which she does not know, the clock that warns ends.
 */
export function tellHer(
  { decisions, told, clocks }: FormalProcess,
  how: Told & { readonly at: Instant },
  rules: Rules,
): ProcessDecision {
  const { at, ...said } = how;
  const decision = decisions.find((one) => one.decisionId === said.decisionId);
  if (!decision) return refuse('unknown-decision', 'decision_id');
  if (told.some((one) => one.decisionId === said.decisionId)) return refuse('already-told', 'decision_id');
  if (!known(rules.formsOfNotice, said.form)) return refuse('unknown-form-of-notice', 'form');
  if (said.toldAt > at) return refuse('in-the-future', 'told_at');
  if (said.toldAt < decision.at) return refuse('before-it-was-made', 'told_at');
  const knows = new Set([...told, said].map(({ decisionId }) => decisionId));
  const toldAll = decisions.every(({ decisionId }) => knows.has(decisionId));
  return accept<ProcessEvent>(
    { type: 'DecisionTold', ...said },
    ...(toldAll && clocks[TELL_HER] ? [{ type: 'ClockEnded', clock: TELL_HER } as const] : []),
  );
}
