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
 * Reads the caller from a signed token (RFC 7519; EdDSA or ES256) that has an expiry, an issuer and an audience.
 * @throws KeysUnavailable when the token cannot be checked; any other error when it is invalid, without the reason.
 */
export type TokenVerifier = (token: string) => Promise<Caller>;

/** An older token is refused, whatever its expiry, to limit the use of a stolen token. */
const LONGEST_AGE_SECONDS = 12 * 3_600;
/** The allowed difference between the clocks of issuer and service. */
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
      `IDENTITY: ${file} does not exist, is not JSON, or has no key for signatures; it holds the issuer's public keys`,
    );
  }
}
