import { type Decision, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

/** How many records of a kind one file holds at most: more than any honest case has, and few enough to be read at each reading. */
const AT_MOST = { permissions: 500, denials: 500, bases: 200 } as const;

type Kind = keyof typeof AT_MOST;

/** Decides where there is room for one more; else it is refused, as `too-many-permissions` and the like. */
export const withinLimit = <Refusal extends string>(
  file: CaseFile,
  kind: Kind,
  decide: () => Decision<CaseFileEvent, Refusal>,
): Decision<CaseFileEvent, Refusal | `too-many-${Kind}`> =>
  file[kind].length < AT_MOST[kind] ? decide() : refuse(`too-many-${kind}`, 'case_id');
