import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConfigurationError } from './config.ts';
import { type TokenVerifier, tokenVerifier } from './identity.ts';
import { createLog } from './log.ts';

const who = {
  sub: '11111111-1111-4111-8111-111111111111',
  org: '22222222-2222-4222-8222-222222222222',
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
  writeFileSync(
    jwks,
    JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), alg: 'EdDSA', use: 'sig' }] }),
  );
  verify = tokenVerifier(
    { issuer: 'spec', audience: 'opennrm', keys: jwks },
    createLog('spec', 'silent'),
  );
});

type Claim = 'iss' | 'aud' | 'iat' | 'exp';

/** A good token but for the claims named; undefined leaves one out. Times are seconds from now. */
function signed(
  own: object,
  claims: Partial<Record<Claim, string | number | string[] | undefined>> = {},
  by = key,
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const all = { iss: 'spec', aud: 'opennrm', iat: 0, exp: 3_600, ...claims };
  const at = (seconds: unknown) => (typeof seconds === 'number' ? now + seconds : seconds);
  const payload = { ...own, iss: all.iss, aud: all.aud, iat: at(all.iat), exp: at(all.exp) };
  return new SignJWT(JSON.parse(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA' })
    .sign(by as Key);
}

it('reads person, organisation and role from a good token', async () => {
  expect(await verify(await signed(who))).toEqual({
    person: who.sub,
    organisation: who.org,
    role: who.role,
  });
});

it('reads a person and an organisation that are spelled in capitals as the ones in small letters', async () => {
  const capitals = {
    ...who,
    sub: 'ABCDEF11-1111-4111-8111-11111111ABCD',
    org: 'FEDCBA22-2222-4222-8222-22222222DCBA',
  };
  expect(await verify(await signed(capitals))).toEqual({
    person: 'abcdef11-1111-4111-8111-11111111abcd',
    organisation: 'fedcba22-2222-4222-8222-22222222dcba',
    role: who.role,
  });
});

it('takes a token for several audiences, and one whose issuer’s clock is a few seconds ahead', async () => {
  await expect(verify(await signed(who, { aud: ['elsewhere', 'opennrm'] }))).resolves.toBeDefined();
  await expect(verify(await signed(who, { iat: 4 }))).resolves.toBeDefined();
});

it.each([
  ['that has expired', () => signed(who, { exp: -6 })],
  ['without an end', () => signed(who, { exp: undefined })],
  ['without an issuer', () => signed(who, { iss: undefined })],
  ['of another issuer', () => signed(who, { iss: 'elsewhere' })],
  ['without an audience', () => signed(who, { aud: undefined })],
  ['for another platform', () => signed(who, { aud: 'elsewhere' })],
  ['that does not say when it was issued', () => signed(who, { iat: undefined })],
  ['that was issued more than twelve hours ago', () => signed(who, { iat: -43_210, exp: 86_400 })],
  ['that will be issued in an hour', () => signed(who, { iat: 3_600, exp: 7_200 })],
  ['signed by another issuer’s key', () => signed(who, {}, foreign)],
  [
    'that nobody signed',
    async () => new UnsecuredJWT(who).setAudience('opennrm').setExpirationTime('1h').encode(),
  ],
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

it.each(['{"keys": []}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', '{}', 'no JSON'])(
  'does not start with a file that holds no key for signatures that are taken: %s',
  (text) => {
    const keys = join(folder, 'wrong.json');
    writeFileSync(keys, text);
    const start = () =>
      tokenVerifier({ issuer: 'spec', audience: 'opennrm', keys }, createLog('spec', 'silent'));
    expect(start).toThrow(ConfigurationError);
  },
);
