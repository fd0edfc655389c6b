import { type Decision, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

/** Most records of a kind in one file: more than any honest case has, and few enough to be read at each reading. */
const AT_MOST = { permissions: 500, denials: 500, bases: 200 } as const;

type Kind = keyof typeof AT_MOST;

/** Calls `decide` only below the limit; otherwise refuses, e.g. with `too-many-permissions`. */
export const withinLimit = <Refusal extends string>(
  file: CaseFile,
  kind: Kind,
  decide: () => Decision<CaseFileEvent, Refusal>,
): Decision<CaseFileEvent, Refusal | `too-many-${Kind}`> =>
  file[kind].length < AT_MOST[kind] ? decide() : refuse(`too-many-${kind}`, 'case_id');
