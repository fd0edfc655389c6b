import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** The person, organisation and role of a token; references only. */
export interface TokenRequest {
  /** UUID */
  readonly person: string;
  /** UUID */
  readonly organisation: string;
  readonly role: string;
  /** Real time; an hour by default. */
  readonly lifetimeSeconds?: number;
}

/** Signs tokens for a demo and for tests. In production this is the country's own identity provider (OIDC). */
export interface Issuer {
  /** The value of the setting `IDENTITY`. */
  readonly identity: string;
  token(request: TokenRequest): Promise<string>;
}

const HOUR_SECONDS = 3_600;
const ISSUER = 'opennrm-local';
const AUDIENCE = 'opennrm';

/** Creates an Ed25519 key (RFC 8037) that stays in this process; only its public half is written, to `jwks.json` in the directory. */
export async function createIssuer(directory: string): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const kid = randomUUID();
  const key = { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' };
  mkdirSync(directory, { recursive: true });
  const jwksPath = join(directory, 'jwks.json');
  writeFileSync(jwksPath, `${JSON.stringify({ keys: [key] }, null, 2)}\n`);
  return {
    identity: `issuer=${ISSUER} audience=${AUDIENCE} keys=${jwksPath}`,
    token: ({ person, organisation, role, lifetimeSeconds = HOUR_SECONDS }) => {
      const now = Math.floor(Date.now() / 1_000);
      return new SignJWT({ org: organisation, role })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(person)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(privateKey);
    },
  };
}
