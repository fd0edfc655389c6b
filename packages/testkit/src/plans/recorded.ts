import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Statement, Watch } from '@opennrm/runtime';
import { expect } from 'vitest';
import { fuller, isFull } from './fuller-values.ts';

/** A named statement that a spec ran, with the values of the run in which most parameters had a value. */
export interface Recorded {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

interface SpecStatements {
  readonly spec: string;
  /** By service, then by name. */
  readonly statements: Record<string, Record<string, Recorded>>;
}

export const REPOSITORY = join(import.meta.dirname, '../../../..');
const FOLDER = '.statements';
const WORKSPACE = /^(?:packages|services)\/[^/]+/;

/** The statements that this spec file has run so far. */
const recordedStatements: SpecStatements['statements'] = {};

/** Records each named statement for the plan specs. */
export const remembering =
  (service: string): Watch =>
  (statement) =>
    remember(service, statement);

function remember(service: string, { name, text, values = [] }: Statement): void {
  recordedStatements[service] ??= {};
  const known = recordedStatements[service][name];
  if (known && isFull(known)) return;
  const later: Recorded = {
    name,
    text,
    values: values.map(toJsonValue),
  };
  recordedStatements[service][name] = known ? fuller(known, later) : later;
}

/** Converts bytes to the text form of PostgreSQL, and everything else to JSON. */
const toJsonValue = (value: unknown): unknown => {
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return Array.isArray(value) ? value.map(toJsonValue) : value;
};

/** Stores what this spec file ran in its workspace. The specs of `tests` and `infra` belong to no single service and are not stored. */
export function writeRecorded(): void {
  const spec = relative(REPOSITORY, expect.getState().testPath ?? '');
  const workspace = WORKSPACE.exec(spec)?.[0];
  if (workspace === undefined) return;
  const folder = join(REPOSITORY, workspace, FOLDER);
  mkdirSync(folder, { recursive: true });
  const ofSpec: SpecStatements = { spec, statements: recordedStatements };
  writeFileSync(join(folder, `${spec.replaceAll('/', '+')}.json`), JSON.stringify(ofSpec));
}

/**
 * The statements that the specs of a workspace ran on the database of a service. The text of a statement is that of its newest run; its
 * values are the fullest of all runs with this text. A deleted spec does not count.
 */
export function recordedOf(workspace: string, service: string): Recorded[] {
  const found = new Map<string, Recorded>();
  const files = globSync(join(REPOSITORY, workspace, FOLDER, '*.json'));
  for (const file of files.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)) {
    const { spec, statements } = JSON.parse(readFileSync(file, 'utf8')) as SpecStatements;
    if (!existsSync(join(REPOSITORY, spec))) continue;
    for (const one of Object.values(statements[service] ?? {})) {
      const newest = found.get(one.name);
      if (!newest) found.set(one.name, one);
      else if (newest.text === one.text) found.set(one.name, fuller(newest, one));
    }
  }
  return [...found.values()];
}
