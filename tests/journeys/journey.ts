/** `npm run journey -- <name>`. Vitest alone succeeds where no journey has the name: it skips all of them. */
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { exitCodes } from '@opennrm/infra/cli';

const specs = globSync('tests/journeys/**/{*.spec,journeys-in}.ts').map((file) =>
  readFileSync(file, 'utf8'),
);
const names = specs.flatMap((spec) =>
  [...spec.matchAll(/describe\('([a-z-]+)'/g)].map(([, name]) => name ?? ''),
);

const [wanted = '', ...options] = process.argv.slice(2);
const found = wanted === '' ? [] : names.filter((name) => name.includes(wanted));
if (found.length === 0) {
  const fault = wanted === '' ? 'A journey must be named.' : `There is no journey "${wanted}".`;
  process.stderr.write(
    `${fault} npm run journey -- <name, or a part of it>, of:\n  ${names.toSorted().join('\n  ')}\n`,
  );
  process.exit(exitCodes.usageError);
}

process.on('SIGINT', () => {}); // Vitest gets the signal too, and stops its platform first.
spawn('vitest', ['run', '--project', 'journeys', '-t', wanted, ...options], { stdio: 'inherit' })
  .on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(exitCodes.unreachable);
  })
  .on('exit', (code) => process.exit(code ?? exitCodes.needsPerson));
