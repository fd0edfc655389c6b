import { readFileSync } from 'node:fs';
import { Stryker } from '@stryker-mutator/core';
import { inRepository } from '../local/repository.ts';
import type { Lines } from './sample.ts';

/** A single change of the code, and whether a spec failed because of it. */
export interface Mutant {
  readonly at: string;
  readonly change: string;
  readonly noticed: boolean;
}

/** Kinds of changes that are skipped, because they change data (a text, a list of codes) and not a rule. */
const DATA = [
  'StringLiteral',
  'ObjectLiteral',
  'ArrayDeclaration',
  'Regex',
  'BlockStatement',
  'ArrowFunction',
];

/** Makes every change inside these lines of one service, one at a time, and runs the pure specs of that service. */
export async function mutate(service: string, ranges: readonly Lines[]): Promise<Mutant[]> {
  process.env.MUTATED_SERVICE = service;
  const results = await new Stryker({
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'infra/mutants/vitest.config.ts', related: false },
    mutate: ranges.map(({ file, first, last }) => `${file}:${first}-${last}`),
    mutator: { excludedMutations: DATA },
    // Stryker cannot rewrite the configuration of TypeScript 7, and nothing here needs that: so the file does not exist.
    tsconfigFile: 'none.json',
    tempDirName: '.opennrm/mutants',
    ignorePatterns: ['/bench', '/docs', '/.opennrm', '/tests'],
    reporters: ['progress'],
    coverageAnalysis: 'perTest',
    // A timeout counts as noticed, so it must be long enough for a busy machine.
    timeoutMS: 60_000,
    concurrency: 2,
    allowEmpty: true,
  }).runMutationTest();
  return results
    .filter(({ status }) => status !== 'Ignored' && status !== 'CompileError')
    .map(({ fileName, location, mutatorName, replacement, status }) => ({
      at: `${fileName.replace(inRepository(''), '')}:${location.start.line}`,
      change: `${mutatorName}: ${textAt(fileName, location)} => ${replacement}`,
      noticed: status === 'Killed' || status === 'Timeout',
    }));
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** The first line of the changed code. Lines and columns count from one. */
function textAt(
  fileName: string,
  { start, end }: { readonly start: Place; readonly end: Place },
): string {
  const line = readFileSync(fileName, 'utf8').split('\n')[start.line - 1] ?? '';
  return line.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
}
