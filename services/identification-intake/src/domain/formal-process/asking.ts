import { accept, type Instant, refuse } from '@opennrm/runtime/decision';
import type { ProcessEvent } from './events.ts';
import { type FormalProcess, isInHand, isOver, isRemovalBarred, proposalOf } from './procedure.ts';
import type { Actor, ProcessDecision } from './rules.ts';

/** Whom a procedure waits for: so that a delay has an owner. */
export type WaitsFor = 'referrer' | 'authority' | 'second-person' | 'informants' | 'court' | 'nobody';

export function waitsFor(procedure: FormalProcess): WaitsFor {
  const { stage } = procedure;
  if (stage.at === 'draft') return 'referrer';
  if (stage.at === 'information-requested') return 'informants';
  if (stage.at === 'suspended') return 'court';
  if (proposalOf(procedure)) return 'second-person';
  return isInHand(stage) ? 'authority' : 'nobody';
}

/** A question at a border or in a cell: yes or no, about the one marker that was shown, and that it was asked is kept. */
export const askIfRemovalIsBarred = (procedure: FormalProcess, organisation: string, at: Instant): ProcessDecision =>
  accept<ProcessEvent>({ type: 'NoRemovalAsked', organisation, barred: isRemovalBarred(procedure), at });

const ITS_PURPOSE = 'identification-decision';

/** Read by those who referred and by those who decide; the latter for their decision and nothing else, while there is one to make or to defend. */
export function readProcedure(
  procedure: FormalProcess,
  reader: Actor & { readonly purpose: string; readonly at: Instant },
): ProcessDecision {
  const { organisation, person, purpose, at } = reader;
  const own = organisation === procedure.referredBy;
  if (!own && organisation !== procedure.authority) return refuse('not-the-authority');
  if (!own && purpose !== ITS_PURPOSE) return refuse('no-basis', 'purpose');
  if (!own && procedure.stage.at === 'draft') return refuse('not-the-authority');
  const basis = own ? 'own-record' : isOver(procedure) ? 'legal-obligation' : 'public-task';
  return accept<ProcessEvent>({ type: 'ProcessRead', organisation, person, purpose, basis, at });
}
