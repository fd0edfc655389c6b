import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './recorded.ts';

/** A name may have parts: `${table}-lock`. A comment may be between the name and the text. */
const NAME = /\bname: (['`])([^'`]+)\1,\s*(?:\/\/[^\n]*\s*)*text\b/g;
const PART = /\$\{[^}]+\}/g;

/** The names of the statements in the source of a workspace. A variable part of a name is replaced by `*`. */
export function namedInSource(workspace: string): string[] {
  const files = globSync(join(REPOSITORY, workspace, 'src/**/*.ts')).filter(
    (file) => !/\.(spec|fixture)\.ts$/.test(file),
  );
  const names = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(NAME)].map(([, , name = '']) =>
      name.replaceAll(PART, '*'),
    ),
  );
  return [...new Set(names)].sort();
}

/** Names are small letters, digits and hyphens. */
export const isNamed = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.+')}$`).test(name);
