/**
 * Generates the code of the published messages and calls from `proto/`. It fails for an event field without a sensitivity and for an rpc
 * without an access rule. `npm run generate` runs it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeLanguage, type ImageFile } from './src/language.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const bin = join(root, 'node_modules', '.bin');
const buf = (...args: string[]): Buffer =>
  execFileSync(join(bin, 'buf'), args, {
    cwd: root,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    maxBuffer: 64 * 1024 * 1024,
  });

const image = JSON.parse(buf('build', '-o', '-#format=json').toString()) as { file: ImageFile[] };
const language = describeLanguage(image.file);
if (language.problems.length > 0) {
  process.stderr.write(
    `The published language is not complete:\n  ${language.problems.join('\n  ')}\n`,
  );
  process.exit(1);
}
rmSync(join(here, 'gen'), { recursive: true, force: true });
mkdirSync(join(here, 'gen'));
buf('generate');
writeFileSync(
  join(here, 'gen', 'access.ts'),
  `// Generated from proto/: who may call each rpc, and whether it changes anything.\nexport const access = ${JSON.stringify(language.access, null, 2)} as const;\n`,
);
writeFileSync(
  join(here, 'gen', 'references.ts'),
  `// Generated from proto/: the fields of events that hold references.\nexport const references: Readonly<Record<string, Readonly<Record<string, string>>>> = ${JSON.stringify(language.references, null, 2)};\n`,
);
