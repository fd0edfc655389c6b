import type { Power } from '@opennrm/country';
import type { Decision, Instant } from '@opennrm/runtime/decision';
import { hour } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { Relation } from './reading.ts';

/** What was recorded about a person, in order of time: events of the file, and relations that `referral` reported. */
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

/** Applies the steps; refused and ignored ones are not recorded. The file is converted to JSON and back after each event, as in its row. */
export function replaySteps(
  first: readonly CaseFileEvent[],
  steps: readonly Step[],
  check: (file: CaseFile, records: readonly Entry[], now: Instant) => void,
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
    check(file, records, at);
  }
}

/** The relations of an organisation that have not ended, newest first. */
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
