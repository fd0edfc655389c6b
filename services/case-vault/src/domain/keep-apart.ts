import { accept, type Decision, ignore, refuse } from '@opennrm/runtime/decision';
import type { CaseFile, CaseId } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

export interface ApartRequest {
  readonly apartId: string;
  readonly otherCaseId: CaseId;
  readonly by: string;
}

/** Proposed by one person and set by another, because a wrong pair can hide a person or deny somebody a place. */
export function keepApart(
  file: CaseFile,
  request: ApartRequest,
): Decision<CaseFileEvent, 'same-case' | 'second-person-needed' | 'another-pair'> {
  const { apartId, otherCaseId, by } = request;
  if (file.caseId === otherCaseId) return refuse('same-case', 'other_case_id');
  const known = file.apart.find((pair) => pair.apartId === apartId);
  if (!known) {
    return accept<CaseFileEvent>({
      type: 'KeepApartProposed',
      pair: { apartId, otherCaseId, proposedBy: by, state: 'proposed' },
    });
  }
  if (known.otherCaseId !== otherCaseId) return refuse('another-pair', 'apart_id');
  if (known.state === 'set') return ignore('already-set');
  if (known.proposedBy === by) return refuse('second-person-needed', 'apart_id');
  return accept<CaseFileEvent>({ type: 'KeepApartSet', pair: { ...known, state: 'set' } });
}
