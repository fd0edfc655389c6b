import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, identitySetting, tokenVerifier } from '@opennrm/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIssuer, type Issuer } from './issuer.ts';

const verifierOf = ({ identity }: Issuer) =>
  tokenVerifier(identitySetting.parse(identity), createLog('spec', 'silent'));
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'opennrm-issuer-'));
});
afterAll(() => rm(directory, { recursive: true }));

const who = { person: randomUUID(), organisation: randomUUID(), role: 'caseworker' };

it('an issuer signs tokens that a service accepts, for the given person, organisation and role', async () => {
  const issuer = await createIssuer(join(directory, 'one'));
  expect(await verifierOf(issuer)(await issuer.token(who))).toEqual(who);
});

it('a token of one issuer is refused by services of another issuer', async () => {
  const [one, other] = [
    await createIssuer(join(directory, 'a')),
    await createIssuer(join(directory, 'b')),
  ];
  await expect(verifierOf(other)(await one.token(who))).rejects.toThrow();
});

it('a token of an issuer expires', async () => {
  const issuer = await createIssuer(join(directory, 'ended'));
  const ended = await issuer.token({ ...who, lifetimeSeconds: -10 });
  await expect(verifierOf(issuer)(ended)).rejects.toThrow();
});
