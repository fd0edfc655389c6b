import { readFileSync } from 'node:fs';
import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Caller } from './actor.ts';
import { ConfigurationError } from './config.ts';
import { uuid } from './id.ts';
import { type IdentitySettings, isAddress } from './identity-settings.ts';
import { ALGORITHMS, keySetOf } from './key-set.ts';
import type { Log } from './log.ts';
import { SigningKeys } from './signing-keys.ts';

const claims = z.object({ sub: uuid(), org: uuid(), role: z.string().regex(/^[a-z-]{1,40}$/) });

/**
 * Reads the caller from a signed token (RFC 7519; EdDSA or ES256) that has an end, an issuer and an audience.
 * @throws KeysUnavailable when nobody can say whether it is good; any other error when it is not, never saying why.
 */
export type TokenVerifier = (token: string) => Promise<Caller>;

/** An older token is refused, whatever end it names: a stolen one is of use for no longer. */
const LONGEST_AGE_SECONDS = 12 * 3_600;
/** The clocks of issuer and service may differ by so much. */
const TOLERANCE_SECONDS = 5;

export function tokenVerifier(
  { issuer, audience, keys }: IdentitySettings,
  log: Pick<Log, 'warn'>,
): TokenVerifier {
  const find = isAddress(keys) ? new SigningKeys({ address: keys, log }).find : keysIn(keys);
  return async (token) => {
    const { payload } = await jwtVerify(token, find, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'iat', 'iss', 'aud', 'sub'],
      maxTokenAge: LONGEST_AGE_SECONDS,
      clockTolerance: TOLERANCE_SECONDS,
    });
    const { sub, org, role } = claims.parse(payload);
    return { person: sub, organisation: org, role };
  };
}

function keysIn(file: string): JWTVerifyGetKey {
  try {
    return keySetOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new ConfigurationError(
      `IDENTITY: ${file} is not there, is not JSON, or has no key for signatures; it holds the issuer's public keys`,
    );
  }
}
