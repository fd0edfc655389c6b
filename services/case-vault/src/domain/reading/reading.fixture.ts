import type { Power } from '@opennrm/country';
import type { Decision, Instant } from '@opennrm/runtime/decision';
import { hour } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { Relation } from './reading.ts';

/** What was recorded of a person, in the order of its time: the file's events, and relations as `referral` told them. */
export type Entry = { readonly at: Instant } & (
  | { readonly kind: 'event'; readonly event: CaseFileEvent }
  | { readonly kind: 'began'; readonly organisation: string; readonly relation: Relation }
  | { readonly kind: 'ended'; readonly holdId: string }
);

export interface Step {
  /** Hours since the step before it. */
  readonly after: number;
  readonly action:
    | { readonly decide: (file: CaseFile, now: Instant) => Decision<CaseFileEvent, string> }
    | { readonly begins: { readonly organisation: string; readonly relation: Relation } }
    | { readonly ends: string };
}

/** Lives the steps through; what is refused or ignored is not recorded. The file goes to its row and back each time. */
export function replaySteps(
  first: readonly CaseFileEvent[],
  steps: readonly Step[],
  look: (file: CaseFile, records: readonly Entry[], now: Instant) => void,
): void {
  const records: Entry[] = [];
  let file = first.reduce<CaseFile | undefined>(evolve, undefined) as CaseFile;
  let hours = 0;
  for (const { after, action } of steps) {
    hours += after;
    const at = hour(hours);
    if ('begins' in action) records.push({ at, kind: 'began', ...action.begins });
    else if ('ends' in action) records.push({ at, kind: 'ended', holdId: action.ends });
    else {
      const decision = action.decide(file, at);
      for (const event of decision.kind === 'accepted' ? decision.events : []) {
        records.push({ at, kind: 'event', event });
        file = JSON.parse(JSON.stringify(evolve(file, event))) as CaseFile;
      }
    }
    look(file, records, at);
  }
}

/** The relations of an organisation that stand after all that was recorded, newest first. */
export function currentRelations(records: readonly Entry[], organisation: string): Relation[] {
  const open = new Map<string, Relation>();
  for (const entry of records) {
    if (entry.kind === 'began' && entry.organisation === organisation) {
      open.delete(entry.relation.holdId);
      open.set(entry.relation.holdId, entry.relation);
    }
    if (entry.kind === 'ended') open.delete(entry.holdId);
  }
  return [...open.values()].reverse();
}

export interface Question {
  readonly organisation: string;
  readonly section: string;
  readonly purpose: string;
  readonly powers: readonly Power[];
}
