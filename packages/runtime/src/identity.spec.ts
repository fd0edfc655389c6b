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

/** A valid token, except for the given claims; undefined removes a claim. Times are seconds from now. */
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

it('a valid token gives person, organisation and role', async () => {
  expect(await verify(await signed(who))).toEqual({
    person: who.sub,
    organisation: who.org,
    role: who.role,
  });
});

it('a person and an organisation in capitals are read in small letters', async () => {
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

it('a token for several audiences is accepted, and one from an issuer whose clock is a few seconds ahead', async () => {
  await expect(verify(await signed(who, { aud: ['elsewhere', 'opennrm'] }))).resolves.toBeDefined();
  await expect(verify(await signed(who, { iat: 4 }))).resolves.toBeDefined();
});

it.each([
  ['that has expired', () => signed(who, { exp: -6 })],
  ['without an expiry', () => signed(who, { exp: undefined })],
  ['without an issuer', () => signed(who, { iss: undefined })],
  ['of another issuer', () => signed(who, { iss: 'elsewhere' })],
  ['without an audience', () => signed(who, { aud: undefined })],
  ['for another platform', () => signed(who, { aud: 'elsewhere' })],
  ['without the time when it was issued', () => signed(who, { iat: undefined })],
  ['that was issued more than twelve hours ago', () => signed(who, { iat: -43_210, exp: 86_400 })],
  ['that will be issued in an hour', () => signed(who, { iat: 3_600, exp: 7_200 })],
  ['signed by another issuer’s key', () => signed(who, {}, foreign)],
  [
    'without a signature',
    async () => new UnsecuredJWT(who).setAudience('opennrm').setExpirationTime('1h').encode(),
  ],
  ['without an organisation', () => signed({ sub: who.sub, role: who.role })],
  ['with a name as the person', () => signed({ ...who, sub: 'a-person' })],
  ['with a role that is not a code', () => signed({ ...who, role: 'Case Worker' })],
  ['that is not a token', async () => 'nonsense'],
])('a token %s is refused, and the message contains nothing of it', async (_what, token) => {
  const sent = await token();
  const error = await verify(sent).then(
    () => undefined,
    (refusal: Error) => refusal,
  );
  expect(error).toBeInstanceOf(Error);
  for (const part of [sent, ...sent.split('.'), who.sub, who.org, 'a-person', 'Case Worker'])
    if (part !== '') expect(error?.message).not.toContain(part);
});

it.each(['{"keys": []}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', '{}', 'no JSON'])(
  'a verifier does not start with a file that has no key for the accepted signatures: %s',
  (text) => {
    const keys = join(folder, 'wrong.json');
    writeFileSync(keys, text);
    const start = () =>
      tokenVerifier({ issuer: 'spec', audience: 'opennrm', keys }, createLog('spec', 'silent'));
    expect(start).toThrow(ConfigurationError);
  },
);
