import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TokenVerifier, tokenVerifier } from './identity.ts';

const who = {
  ...{ sub: '11111111-1111-4111-8111-111111111111', org: '22222222-2222-4222-8222-222222222222' },
  role: 'caseworker',
};
const folder = mkdtempSync(join(tmpdir(), 'identity-'));
afterAll(() => rmSync(folder, { recursive: true }));

let verify: TokenVerifier;
type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
let [key, foreign]: Key[] = [];
beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  [key, foreign] = [pair.privateKey, (await generateKeyPair('EdDSA')).privateKey];
  const jwks = join(folder, 'jwks.json');
  writeFileSync(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), alg: 'EdDSA', use: 'sig' }] }));
  verify = tokenVerifier(jwks);
});

const signed = (claims: object, { audience = 'opennrm', expires = '1h', by = key } = {}): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(by as Key);

it('reads person, organisation and role from a good token', async () => {
  expect(await verify(await signed(who))).toEqual({ person: who.sub, organisation: who.org, role: who.role });
});

it('reads a person and an organisation that are spelled in capitals as the ones in small letters', async () => {
  const capitals = { ...who, sub: 'ABCDEF11-1111-4111-8111-11111111ABCD', org: 'FEDCBA22-2222-4222-8222-22222222DCBA' };
  expect(await verify(await signed(capitals))).toEqual({
    person: 'abcdef11-1111-4111-8111-11111111abcd',
    organisation: 'fedcba22-2222-4222-8222-22222222dcba',
    role: who.role,
  });
});

it.each([
  ['that has expired', () => signed(who, { expires: '-1s' })],
  ['of another issuer', () => signed(who, { by: foreign })],
  ['for another platform', () => signed(who, { audience: 'elsewhere' })],
  ['that nobody signed', async () => new UnsecuredJWT(who).setAudience('opennrm').setExpirationTime('1h').encode()],
  ['without an organisation', () => signed({ sub: who.sub, role: who.role })],
  ['whose person is a name', () => signed({ ...who, sub: 'somebody' })],
  ['whose role is no code', () => signed({ ...who, role: 'Case Worker' })],
  ['that is no token', async () => 'nonsense'],
])('refuses a token %s, with nothing of it in the message', async (_what, token) => {
  const sent = await token();
  const error = await verify(sent).then(
    () => undefined,
    (refusal: Error) => refusal,
  );
  expect(error).toBeInstanceOf(Error);
  for (const part of [sent, ...sent.split('.'), who.sub, who.org, 'somebody', 'Case Worker'])
    if (part !== '') expect(error?.message).not.toContain(part);
});
