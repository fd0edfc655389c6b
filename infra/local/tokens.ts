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
 * Writes one token for each role to a file that only this account can read: `{ <role>: { person, organisation, token } }`. A role that the country gives
 * to a body is of that body. Beside them, under `services`, one for the staff of each service by its id, so that whoever is asked can answer.
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
      const alone = deskHolders[role] ?? randomUUID();
      return [role, await tokenFor(issuer, ONE_TEAM.includes(role) ? team : alone, role)] as const;
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
  await rm(draft, { force: true }); // the mode counts only for a file that is made
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** Somebody of an organisation in a role. */
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
