import { z } from 'zod';

/** Which tokens a service accepts. */
export interface IdentitySettings {
  /** The required value of `iss`. */
  readonly issuer: string;
  /** The value that `aud` must include. */
  readonly audience: string;
  /** The issuer's public keys (JWKS): an https address, or a file of this machine. */
  readonly keys: string;
}

const NAMES = ['issuer', 'audience', 'keys'] as const;

/**
 * One setting for values that belong together: `issuer=https://login.example.org audience=opennrm
 * keys=https://login.example.org/jwks.json`.
 */
export const identitySetting = z.string().transform((text, context): IdentitySettings => {
  const given = new Map(
    text.split(/\s+/).map((pair): [string, string] => {
      const [name = '', ...rest] = pair.split('=');
      return [name, rest.join('=')];
    }),
  );
  const problems = NAMES.flatMap((name) => (given.get(name) ? [] : [`${name}=… is missing`]));
  const keys = given.get('keys') ?? '';
  if (!isSafeKeySource(keys))
    problems.push('keys must be an https address, or a file; http only on this machine');
  if (problems.length > 0) {
    context.addIssue({ code: 'custom', message: problems.join('; ') });
    return z.NEVER;
  }
  return { issuer: given.get('issuer') ?? '', audience: given.get('audience') ?? '', keys };
});

export const isAddress = (keys: string): boolean => /^[a-z][a-z\d+.-]*:\/\//i.test(keys);

/** If an attacker on the network could replace the keys, the attacker could sign any token. */
function isSafeKeySource(keys: string): boolean {
  if (!isAddress(keys)) return true;
  if (!URL.canParse(keys)) return false;
  const { protocol, hostname } = new URL(keys);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
