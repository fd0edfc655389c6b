import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Whether a spec file tries random cases, directly or by the histories of its fixture. */
const triesRandomCases = ({ moduleId }: TestSpecification): boolean =>
  /fast-check|history\.fixture/.test(readFileSync(moduleId, 'utf8'));

/** Runs examples before random cases: they notice most changes within milliseconds, and the first failure ends the run. */
export class ExamplesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => Number(triesRandomCases(a)) - Number(triesRandomCases(b)));
  }
}
