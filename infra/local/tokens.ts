import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { access } from '@opennrm/contracts/access';
import type { CountryPack } from '@opennrm/country';
import type { Issuer } from './issuer.ts';

/** The roles that share one organisation; every other role has an organisation of its own. */
const ONE_TEAM: readonly string[] = ['responder', 'caseworker', 'coordinator', 'escort'];
const LIFETIME_SECONDS = 12 * 3_600;

/** Every role that may call an rpc, and the operator, who uses `npm run ops` and calls no rpc. */
export const allRoles = (): string[] =>
  [...new Set(['operator', ...Object.values(access).flatMap(({ roles }) => roles)])].sort();

/** The organisation that holds each desk of a country; the first where there are several. */
export const deskHoldersOf = ({
  roles,
}: Pick<CountryPack, 'roles'>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    roles.flatMap(({ code, heldBy }) => (heldBy?.[0] === undefined ? [] : [[code, heldBy[0]]])),
  );

interface ProviderService {
  readonly serviceId: string;
  readonly organisationId: string;
}

/**
 * Writes one token for each role to a file that only this account can read: `{ <role>: { person, organisation, token } }`. A role with a desk has
 * the organisation that holds the desk. `services` has a token for the staff of each service by its id, so that every service can answer offers.
 */
export async function writeTokens(
  issuer: Issuer,
  path: string,
  deskHolders: Readonly<Record<string, string>>,
  providers: readonly ProviderService[],
): Promise<void> {
  const team = deskHolders.coordinator ?? randomUUID();
  const tokens = await Promise.all(
    allRoles().map(async (role) => {
      const own = deskHolders[role] ?? randomUUID();
      return [role, await tokenFor(issuer, ONE_TEAM.includes(role) ? team : own, role)] as const;
    }),
  );
  const services = await Promise.all(
    providers.map(
      async ({ serviceId, organisationId }) =>
        [serviceId, await tokenFor(issuer, organisationId, 'provider-staff')] as const,
    ),
  );
  const content = { ...Object.fromEntries(tokens), services: Object.fromEntries(services) };
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.next`;
  await rm(draft, { force: true }); // the mode applies only to a new file
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** A token for a new person of an organisation in a role. */
async function tokenFor(issuer: Issuer, organisation: string, role: string) {
  const person = randomUUID();
  const token = await issuer.token({
    person,
    organisation,
    role,
    lifetimeSeconds: LIFETIME_SECONDS,
  });
  return { person, organisation, token };
}
