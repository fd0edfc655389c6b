import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { tokenVerifier } from './identity.ts';
import { createLog } from './log.ts';
import { KeysUnavailable, SigningKeys } from './signing-keys.ts';

const log = createLog('spec', 'silent');
const HOUR = 3_600_000;

/** An issuer on this machine: its keys, how often they were fetched, and whether it is away. */
let server: Server;
let address: string;
let served: object[] = [];
let asked = 0;
let away = false;
beforeAll(async () => {
  server = createServer((_request, response) => {
    asked++;
    if (away) response.writeHead(503).end();
    else response.end(JSON.stringify({ keys: served }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
});
afterAll(() => server.close());
afterEach(() => {
  [served, asked, away] = [[], 0, false];
});

async function newKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  return {
    kid,
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' },
  };
}

const signed = ({ kid, privateKey }: Awaited<ReturnType<typeof newKey>>): Promise<string> =>
  new SignJWT({ org: '22222222-2222-4222-8222-222222222222', role: 'caseworker' })
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .setSubject('11111111-1111-4111-8111-111111111111')
    .setIssuer('spec')
    .setAudience('opennrm')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);

it('keys are unavailable while the issuer is away, and the same token is accepted when it is back', async () => {
  const key = await newKey('one');
  served = [key.jwk];
  away = true;
  const verify = tokenVerifier({ issuer: 'spec', audience: 'opennrm', keys: address }, log);
  const token = await signed(key);
  await expect(verify(token)).rejects.toBeInstanceOf(KeysUnavailable);
  away = false;
  await expect
    .poll(
      () =>
        verify(token).then(
          () => 'accepted',
          () => 'refused',
        ),
      { timeout: 60_000 },
    )
    .toBe('accepted');
});

it('the last good keys are used for a day while the issuer is away, and no longer', async () => {
  const key = await newKey('one');
  served = [key.jwk];
  let now = 0;
  const keys = new SigningKeys({ address, log, now: () => now });
  const find = () => keys.find({ alg: 'EdDSA', kid: 'one' } as never, undefined as never);
  await find();
  away = true;
  for (const hours of [1, 12, 23, 24]) {
    now = hours * HOUR;
    await expect(find()).resolves.toBeDefined();
  }
  now = 24 * HOUR + 1;
  await expect(find()).rejects.toBeInstanceOf(KeysUnavailable);
});

it('a token with a key that the issuer has added since is accepted', async () => {
  const [old, added] = [await newKey('old'), await newKey('added')];
  served = [old.jwk];
  let now = 0;
  const keys = new SigningKeys({ address, log, now: () => now });
  const find = (kid: string) => keys.find({ alg: 'EdDSA', kid } as never, undefined as never);
  await find('old');
  served = [old.jwk, added.jwk];
  now = 31_000;
  await expect(find('added')).resolves.toBeDefined();
});

it('an unknown key is unavailable, not bad, while the issuer is away', async () => {
  served = [(await newKey('old')).jwk];
  let now = 0;
  const keys = new SigningKeys({ address, log, now: () => now });
  const find = (kid: string) => keys.find({ alg: 'EdDSA', kid } as never, undefined as never);
  await find('old');
  now = 31_000;
  away = true;
  await expect(find('new')).rejects.toBeInstanceOf(KeysUnavailable);
  await expect(find('old')).resolves.toBeDefined();
});

it('the keys are fetched once for many tokens at a time, and not for each token with an unknown key', async () => {
  served = [(await newKey('old')).jwk];
  const keys = new SigningKeys({ address, log, now: () => 0 });
  const find = async (kid: string): Promise<unknown> => {
    try {
      return await keys.find({ alg: 'EdDSA', kid } as never, undefined as never);
    } catch (error) {
      return (error as Error).name;
    }
  };
  await Promise.all(Array.from({ length: 50 }, () => find('old')));
  const unknown = await Promise.all(Array.from({ length: 50 }, (_, nth) => find(`unknown-${nth}`)));
  expect(asked).toBe(1);
  expect(new Set(unknown)).toEqual(new Set(['JWKSNoMatchingKey']));
});

it.each([
  ['an empty list', []],
  ['a list without a key for the accepted signatures', [{ kty: 'oct', k: 'c2VjcmV0', kid: 'one' }]],
])('the last good keys are kept when the issuer gives %s', async (_what, given) => {
  served = [(await newKey('one')).jwk];
  let now = 0;
  const keys = new SigningKeys({ address, log, now: () => now });
  const find = (kid: string) => keys.find({ alg: 'EdDSA', kid } as never, undefined as never);
  await find('one');
  served = given;
  now = 31_000;
  await expect(find('unknown')).rejects.toBeInstanceOf(KeysUnavailable);
  await expect(find('one')).resolves.toBeDefined();
});

it('keys are unavailable while the issuer gives an empty list', async () => {
  const keys = new SigningKeys({ address, log, now: () => 0 });
  const found = keys.find({ alg: 'EdDSA', kid: 'one' } as never, undefined as never);
  await expect(found).rejects.toBeInstanceOf(KeysUnavailable);
});
