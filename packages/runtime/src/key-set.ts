import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** The algorithms that may sign a token, and the curve of each algorithm's keys (RFC 8037, RFC 7518). */
export const ALGORITHMS = ['EdDSA', 'ES256'];
const CURVES = ['Ed25519', 'P-256'];

/**
 * Reads an issuer's public keys. A list without a key that could sign a token is refused, because it would make every token invalid.
 * @throws when the list has no such key, or is not a list of keys.
 */
export function keySetOf(list: unknown): JWTVerifyGetKey {
  const keySet = list as JSONWebKeySet;
  const find = createLocalJWKSet(keySet);
  const isForTokens = keySet.keys.some(
    ({ crv = '', use = 'sig' }) => CURVES.includes(crv) && use === 'sig',
  );
  if (!isForTokens) throw new Error('the list of the issuer has no key for signatures');
  return find;
}
