import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { access } from '@opennrm/contracts/access';
import type { CountryPack } from '@opennrm/country';
import type { Issuer } from './issuer.ts';

/** Who work together on a referral in one organisation; every other role has an organisation of its own. */
const ONE_TEAM: readonly string[] = ['responder', 'caseworker', 'coordinator', 'escort'];
const LIFETIME_SECONDS = 12 * 3_600;

/** Every role that an rpc may be called by, and the operator, whose `npm run ops` calls none. */
export const allRoles = (): string[] =>
  [...new Set(['operator', ...Object.values(access).flatMap(({ roles }) => roles)])].sort();

/** The organisation that holds each desk of a country; the first where several do. */
export const bodiesOf = ({ roles }: Pick<CountryPack, 'roles'>): Readonly<Record<string, string>> =>
  Object.fromEntries(roles.flatMap(({ code, heldBy }) => (heldBy?.[0] === undefined ? [] : [[code, heldBy[0]]])));

/**
 * Writes one token for each role to a file that only this account can read: `{ <role>: { person, organisation, token } }`. A role that the country gives
 * to a body is of that body.
 */
export async function writeTokens(
  issuer: Issuer,
  path: string,
  bodies: Readonly<Record<string, string>>,
): Promise<void> {
  const team = bodies.coordinator ?? randomUUID();
  const tokens = await Promise.all(
    allRoles().map(async (role) => {
      const alone = bodies[role] ?? randomUUID();
      const who = { person: randomUUID(), organisation: ONE_TEAM.includes(role) ? team : alone };
      const token = await issuer.token({ ...who, role, lifetimeSeconds: LIFETIME_SECONDS });
      return [role, { ...who, token }] as const;
    }),
  );
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.next`;
  await rm(draft, { force: true }); // the mode counts only for a file that is made
  await writeFile(draft, `${JSON.stringify(Object.fromEntries(tokens), null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}
