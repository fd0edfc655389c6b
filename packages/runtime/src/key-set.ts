import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** The algorithms by which a token may be signed, and the curve of the keys of each (RFC 8037, RFC 7518). */
export const ALGORITHMS = ['EdDSA', 'ES256'];
const CURVES = ['Ed25519', 'P-256'];

/**
 * Reads an issuer's public keys. A list that has no key by which a token could be signed is as good as none: taken for a list, it would refuse
 * every token. @throws for that, and for what is no list of keys.
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
