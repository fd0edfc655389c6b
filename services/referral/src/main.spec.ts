import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository } from '@opennrm/infra/local';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let [folder, migrated, empty]: [string, TestDatabase | undefined, TestDatabase | undefined] = [
  '',
  undefined,
  undefined,
];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cannot-start-'));
  const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  await writeFile(join(folder, 'jwks.json'), JSON.stringify({ keys: [key] }));
  [migrated, empty] = await Promise.all([testDatabase('referral'), testDatabase('messaging')]);
});
afterAll(async () => {
  await Promise.all([migrated?.drop(), empty?.drop(), rm(folder, { recursive: true })]);
});

const identity = (keys: string): string => `issuer=spec audience=opennrm keys=${keys}`;
const away = 'postgres://nobody:nothing@127.0.0.1:1/none';

/** Starts `referral` with valid settings except for these. @returns its exit code and everything that it printed. */
async function start(
  settings: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const good = {
    DATABASE_URL: migrated?.url,
    KAFKA_BROKERS: '127.0.0.1:1',
    GRPC_ADDRESS: '127.0.0.1:0',
    HEALTH_PORT: '0',
    COUNTRY_PACK: inRepository('infra/countries/sample'),
    IDENTITY: identity(join(folder, 'jwks.json')),
  };
  const main = inRepository('services/referral/src/main.ts');
  const child = spawn(process.execPath, [main], {
    env: { ...good, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

it.concurrent.each([
  ['a setting is wrong', { HEALTH_PORT: 'many' }, /1 setting\(s\) to mend:\n {2}HEALTH_PORT/],
  [
    'the file of the issuer’s keys is missing',
    { IDENTITY: identity('/nowhere.json') },
    /IDENTITY: .*does not exist/,
  ],
  [
    'the issuer’s keys have an http address',
    { IDENTITY: identity('http://login.example.org/jwks') },
    /IDENTITY: keys must be an https address/,
  ],
  [
    'the database does not answer',
    { DATABASE_URL: away },
    /DATABASE_URL: the database does not answer \(ECONNREFUSED\)/,
  ],
  [
    'the country pack is missing',
    { COUNTRY_PACK: '/nowhere' },
    /The country pack .* to mend:.*deadlines.json: is missing/,
  ],
  [
    'a driven clock is given in production',
    { NODE_ENV: 'production', CLOCK_FILE: 'clock.json' },
    /CLOCK_FILE: a driven clock/,
  ],
])(
  'the service ends with exit code 1 and prints what to correct when %s',
  async (_why, settings, printed) => {
    const { code, output } = await start(settings);
    expect(output).toMatch(printed);
    expect(output).not.toContain('nothing@');
    expect(code).toBe(1);
  },
);

it('the service refuses a database that was never migrated, and names the migrations', async () => {
  const { code, output } = await start({ DATABASE_URL: empty?.url ?? '' });
  expect(output).toMatch(/run the migrations first: 0001/);
  expect(code).toBe(1);
});
