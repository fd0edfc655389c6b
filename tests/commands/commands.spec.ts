import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { commands } from '../../infra/ops/commands.ts';

interface ProcessResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a script of this repository as `npm run` does. The time limit ends a command that does more than read its arguments. */
const run = (file: string, ...args: string[]): Promise<ProcessResult> =>
  new Promise((resolve) => {
    const options = {
      timeout: 60_000,
      env: { ...process.env, OPENNRM_TOKEN: 'eyJhbGciOiJFZERTQSJ9.e30.AA' },
    };
    execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) =>
      resolve({
        code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
        output: stdout + stderr,
      }),
    );
  });

const ENDED = 'tests/commands/ended-platform.json';

const documents = globSync(['*.md', '{docs,infra,bench,services,packages}/**/*.md'], {
  exclude: (path) => /node_modules|decisions/.test(String(path)),
});
const text = documents.map((file) => readFileSync(file, 'utf8')).join('\n');
const namesAfter = (command: string): string[] => [
  ...new Set(
    [...text.matchAll(new RegExp(`${command}([a-z][a-z:-]*)`, 'g'))].map(([, name]) => name ?? ''),
  ),
];

it('every command of the operator that a document names exists', () => {
  const known = [...Object.keys(commands), 'help'];
  expect(namesAfter('npm run ops -- ').filter((name) => !known.includes(name))).toEqual([]);
});

it('ops prints the help of a command, and the list of all', async () => {
  const [one, all] = await Promise.all([
    run('infra/ops/ops.ts', 'replay', '--help'),
    run('infra/ops/ops.ts', 'help'),
  ]);
  expect(one.output).toMatch(/^npm run ops -- replay /);
  for (const name of Object.keys(commands)) expect(all.output).toContain(`\n  ${name} `);
  expect([one.code, all.code]).toEqual([0, 0]);
});

it('every vitest project that a document names exists', () => {
  const projects = [...readFileSync('vitest.config.ts', 'utf8').matchAll(/name: '([a-z]+)'/g)].map(
    ([, name]) => name,
  );
  expect(namesAfter('--project ').filter((name) => !projects.includes(name))).toEqual([]);
});

it('every npm script that a document names exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
  const known = [...Object.keys(scripts), 'write-table'];
  expect(namesAfter('npm run ').filter((name) => !known.includes(name))).toEqual([]);
});

const COMMANDS = [
  'infra/demo/demo.ts',
  'infra/chaos/chaos.ts',
  'infra/mutants/mutants.ts',
  'bench/src/bench.ts',
  'infra/local/start.ts',
];

it.each(COMMANDS)('%s --help lists its options, and exits with 0', async (file) => {
  const { code, output } = await run(file, '--help');
  expect(output).toMatch(/^npm (run|start) .*--(seed|only|watch)/s);
  expect(output).toContain('2 used wrongly');
  expect(code).toBe(0);
});

it.each(COMMANDS)(
  '%s refuses an unknown option, in one sentence and without a stack trace',
  async (file) => {
    const { code, output } = await run(file, '--sed', '7');
    expect(output).toMatch(/--sed/);
    expect(output).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  },
);

it('ops reports that the platform cannot be reached, and what to do, when its file does not exist', async () => {
  const { code, output } = await run(
    'infra/ops/ops.ts',
    'status',
    '--platform',
    '/nowhere/platform.json',
  );
  expect(output).toMatch(/does not exist.*npm start/s);
  expect(output).not.toMatch(/\n\s+at /);
  expect(code).toBe(3);
});

it('ops reports that the platform cannot be reached when its servers have ended', async () => {
  const { code, output } = await run('infra/ops/ops.ts', 'status', '--platform', ENDED);
  expect(output).toMatch(/does not answer.*npm start/s);
  expect(output).not.toMatch(/\n\s+at /);
  expect(code).toBe(3);
});

it.each([['constructor'], ['toString', '--help'], ['__proto__']])(
  'ops refuses a property name of every JavaScript object as an unknown command: %s',
  async (...args) => {
    const { code, output } = await run('infra/ops/ops.ts', ...args);
    expect(output).toMatch(/There is no command/);
    expect(code).toBe(2);
  },
);

it('ops refuses a property name of every JavaScript object as an unknown service: constructor', async () => {
  const { code, output } = await run(
    'infra/ops/ops.ts',
    'parked',
    'constructor',
    '--platform',
    ENDED,
  );
  expect(output).toMatch(/There is no service/);
  expect(code).toBe(2);
});

it.each([
  '{"kafka',
  '{}',
  '[]',
  'null',
  '{"kafkaBrokers": ["127.0.0.1:9"], "services": {"referral": {}}}',
])('ops reports that a file describes no platform, without a stack trace: %s', async (content) => {
  const file = join(mkdtempSync(join(tmpdir(), 'platform-')), 'platform.json');
  writeFileSync(file, content);
  const { code, output } = await run('infra/ops/ops.ts', 'status', '--platform', file);
  rmSync(dirname(file), { recursive: true });
  expect(output).toMatch(/describes no platform/);
  expect(output).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
});

it.each(['/nowhere/jwks.json', 'http://127.0.0.1:9/jwks.json'])(
  'ops reports that the platform cannot be reached when the keys of its issuer cannot be read: %s',
  async (keys) => {
    const file = join(mkdtempSync(join(tmpdir(), 'platform-')), 'platform.json');
    const ended = JSON.parse(readFileSync(ENDED, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...ended, identity: `issuer=a audience=b keys=${keys}` }));
    const { code, output } = await run(
      'infra/ops/ops.ts',
      'resend',
      'referral',
      '--platform',
      file,
    );
    rmSync(dirname(file), { recursive: true });
    expect(output).toMatch(/keys.*npm start/s);
    expect(output).not.toMatch(/\n\s+at /);
    expect(code).toBe(3);
  },
);

it.each([
  ['an unknown name', ['nosuch']],
  ['no name', []],
])('`npm run journey` refuses %s, and lists the journeys', async (_, args) => {
  const { code, output } = await run('tests/journeys/journey.ts', ...args);
  expect(output).toMatch(/ {2}late-acceptance\n/);
  expect(output).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
});
