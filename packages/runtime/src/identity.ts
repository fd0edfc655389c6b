import { readFileSync } from 'node:fs';
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';

/** What a person may be, as it stands in the token (`road.md`, Words). */
export const roles = [
  'responder',
  'caseworker',
  'coordinator',
  'provider-staff',
  'accreditor',
  'escort',
  'competent-authority',
  'data-protection-officer',
  'operator',
  'system',
] as const;
export type Role = (typeof roles)[number];

/** Who calls: references only, never a name. */
export interface Actor {
  readonly person: string;
  readonly organisation: string;
  readonly role: Role;
}

const claims = z.object({ sub: z.uuid(), org: z.uuid(), role: z.enum(roles) });

/** Reads the actor from a signed token (RFC 7519; EdDSA or ES256). Throws when the token is not good, never saying why. */
export type TokenVerifier = (token: string) => Promise<Actor>;

/**
 * @param jwks the issuer's public keys: an https address (OIDC `jwks_uri`), or a file for the local issuer.
 */
export function tokenVerifier(jwks: string): TokenVerifier {
  const keys: JWTVerifyGetKey = /^https?:/.test(jwks)
    ? createRemoteJWKSet(new URL(jwks))
    : createLocalJWKSet(JSON.parse(readFileSync(jwks, 'utf8')) as JSONWebKeySet);
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, { audience: 'opennrm', algorithms: ['EdDSA', 'ES256'] });
    const { sub, org, role } = claims.parse(payload);
    return { person: sub, organisation: org, role };
  };
}
