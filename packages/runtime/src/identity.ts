import { readFileSync } from 'node:fs';
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { ConfigurationError } from './config.ts';
import { uuid } from './id.ts';

/** Who calls: references only, never a name. */
export interface Actor {
  readonly person: string;
  readonly organisation: string;
  /** As it stands in the token; each rpc names those that may call it. */
  readonly role: string;
}

const claims = z.object({ sub: uuid(), org: uuid(), role: z.string().regex(/^[a-z-]{1,40}$/) });

/** Reads the actor from a signed token (RFC 7519; EdDSA or ES256). Throws when the token is not good, never saying why. */
export type TokenVerifier = (token: string) => Promise<Actor>;

function keysIn(file: string): JSONWebKeySet {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JSONWebKeySet;
  } catch {
    throw new ConfigurationError(
      `IDENTITY_JWKS: ${file} is not there, or is not JSON; it holds the issuer's public keys`,
    );
  }
}

/**
 * @param jwks the issuer's public keys: an https address (OIDC `jwks_uri`), or a file for the local issuer.
 */
export function tokenVerifier(jwks: string): TokenVerifier {
  const keys: JWTVerifyGetKey = /^https?:/.test(jwks)
    ? createRemoteJWKSet(new URL(jwks))
    : createLocalJWKSet(keysIn(jwks));
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, { audience: 'opennrm', algorithms: ['EdDSA', 'ES256'] });
    const { sub, org, role } = claims.parse(payload);
    return { person: sub, organisation: org, role };
  };
}
