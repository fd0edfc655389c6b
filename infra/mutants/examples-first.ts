import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A spec file that tries random cases, by itself or by the histories of its fixture. */
const triesRandomCases = ({ moduleId }: TestSpecification): boolean =>
  /fast-check|history\.fixture/.test(readFileSync(moduleId, 'utf8'));

/** Examples run before random cases: most changes are noticed in milliseconds, and the first failure ends the run. */
export class ExamplesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => Number(triesRandomCases(a)) - Number(triesRandomCases(b)));
  }
}
