import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCountryPack } from '@opennrm/country/load';
import { createLog, identitySetting, tokenVerifier } from '@opennrm/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readHsds, servicesOf } from '../directory/index.ts';
import { createIssuer, type Issuer } from './issuer.ts';
import { allRoles, deskHoldersOf, writeTokens } from './tokens.ts';

const verifierOf = ({ identity }: Issuer) =>
  tokenVerifier(identitySetting.parse(identity), createLog('spec', 'silent'));
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'opennrm-tokens-'));
});
afterAll(() => rm(directory, { recursive: true }));

type Written = Readonly<Record<string, { readonly organisation: string; readonly token: string }>>;
type Tokens = Written & { readonly services: Written };

it('writeTokens writes a valid token for each role and for the staff of each service to a file that only this account can read', async () => {
  const path = join(directory, 'tokens.json');
  await writeFile(path, '{}', { mode: 0o644 });
  const issuer = await createIssuer(directory);
  const deskHolders = deskHoldersOf(await loadCountryPack('infra/countries/sample'));
  const providers = servicesOf(await readHsds('infra/countries/sample/directory.hsds.json'));
  await writeTokens(issuer, path, deskHolders, providers);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const { services, ...tokens } = JSON.parse(await readFile(path, 'utf8')) as Tokens;
  expect(Object.keys(tokens)).toEqual(allRoles());
  for (const role of [
    'competent-authority',
    'coordinator',
    'data-protection-officer',
    'accreditor',
  ])
    expect(tokens[role]?.organisation).toBe(deskHolders[role]);
  const verify = verifierOf(issuer);
  for (const [role, { token }] of Object.entries(tokens))
    expect((await verify(token)).role).toBe(role);
  expect(Object.keys(services).sort()).toEqual(providers.map(({ serviceId }) => serviceId).sort());
  const [one] = providers;
  const actor = await verify(services[one?.serviceId ?? '']?.token ?? '');
  expect([actor.role, actor.organisation]).toEqual(['provider-staff', one?.organisationId]);
});
