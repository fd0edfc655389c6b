import { specification } from '@opennrm/testkit/pure';
import { basis, noon, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { type NewBasis, recordBasis } from './basis.ts';

export const { given } = specification<CaseFile, CaseFileEvent>(evolve);
export const records =
  (more: Partial<NewBasis> = {}, now = noon) =>
  (file: CaseFile) =>
    recordBasis(file, basis(more), rules, now);
