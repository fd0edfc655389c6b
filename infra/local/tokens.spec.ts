import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCountryPack } from '@opennrm/country/load';
import { createLog, identitySetting, tokenVerifier } from '@opennrm/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIssuer, type Issuer } from './issuer.ts';
import { allRoles, bodiesOf, writeTokens } from './tokens.ts';

const verifierOf = ({ identity }: Issuer) =>
  tokenVerifier(identitySetting.parse(identity), createLog('spec', 'silent'));
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'opennrm-tokens-'));
});
afterAll(() => rm(directory, { recursive: true }));

it('writes a good token for each role, for this account alone, even over a file that all could read', async () => {
  const path = join(directory, 'tokens.json');
  await writeFile(path, '{}', { mode: 0o644 });
  const issuer = await createIssuer(directory);
  const bodies = bodiesOf(await loadCountryPack('infra/countries/sample'));
  await writeTokens(issuer, path, bodies);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const tokens = JSON.parse(await readFile(path, 'utf8')) as Record<string, { organisation: string; token: string }>;
  expect(Object.keys(tokens)).toEqual(allRoles());
  for (const role of ['competent-authority', 'coordinator', 'data-protection-officer', 'accreditor'])
    expect(tokens[role]?.organisation).toBe(bodies[role]);
  const verify = verifierOf(issuer);
  for (const [role, { token }] of Object.entries(tokens)) expect((await verify(token)).role).toBe(role);
});
