import { readFile } from 'node:fs/promises';
import { status } from '@grpc/grpc-js';
import { DirectoryServiceClient } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import { ShelterCapacityServiceClient } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import { call, connect } from '@opennrm/runtime';
import { z } from 'zod';
import { type HsdsOrganization, hsdsExport } from './hsds.ts';
import { type Split, split } from './split.ts';

export interface ImportTarget {
  readonly referralAddress: string;
  readonly shelterAddress: string;
  /** A token for somebody of an organisation in a role. */
  token(organisation: string, role: string): Promise<string>;
  /** Whose accreditors vet what is imported; undefined leaves it to them. */
  readonly accredit?: { readonly organisation: string; readonly until: string };
  readonly progress: (line: string) => void;
}

/** Reads an HSDS 3.1 export. @throws naming every record and rule that is wrong. */
export async function readHsds(path: string): Promise<HsdsOrganization[]> {
  const read = hsdsExport.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!read.success)
    throw new Error(`${path} is not an HSDS 3.1 export that can be imported:\n${z.prettifyError(read.error)}`);
  return read.data.organizations;
}

const AT_ONCE = 8;
/** So long a site is sent again until the shelters have heard whose its service is: at a start they may still be joining their topic. */
const UNTIL_KNOWN_MS = 120_000;

/** What an import did, and what it left because somebody decided otherwise or the platform knows better. */
export interface Imported {
  readonly services: number;
  readonly sites: number;
  /** One sentence for each thing that was left, with what the file proposes. */
  readonly left: readonly string[];
}

/**
 * Imports a directory by the public calls. What is there already is left as it is: a count that staff declared, a suspension, an accreditation. A
 * file never undoes a decision of a person, and can be imported again.
 */
export async function importDirectory(
  organizations: readonly HsdsOrganization[],
  target: ImportTarget,
): Promise<Imported> {
  const clients = {
    directory: connect(DirectoryServiceClient, target.referralAddress),
    shelters: connect(ShelterCapacityServiceClient, target.shelterAddress),
  };
  const waiting = organizations.map(split);
  const total = {
    services: waiting.flatMap((one) => one.services).length,
    sites: waiting.flatMap((one) => one.sites).length,
  };
  let done = 0;
  const left: string[] = [];
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      left.push(...(await importOne(one, clients, target)));
      if (++done % 20 === 0) target.progress(`Directory: ${done} of ${organizations.length} organisations …`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  clients.directory.close();
  clients.shelters.close();
  return { ...total, left };
}

interface Clients {
  readonly directory: DirectoryServiceClient;
  readonly shelters: ShelterCapacityServiceClient;
}

async function importOne(
  { organisation, services, sites, counts }: Split,
  { directory, shelters }: Clients,
  target: ImportTarget,
): Promise<string[]> {
  const { organisationId } = organisation;
  const token = await target.token(organisationId, 'provider-staff');
  const left: string[] = [];
  await isNew(call(directory, 'registerOrganisation', organisation, { token }));
  const fresh = new Set<string>();
  for (const service of services) {
    if (await isNew(call(directory, 'registerService', service, { token }))) fresh.add(service.serviceId);
    else left.push(`service ${service.serviceId}: is registered; its entry and its accreditation stay as they are`);
  }
  for (const site of sites) {
    if (await isNew(call(shelters, 'registerSite', site, { token, deadlineMs: UNTIL_KNOWN_MS })))
      fresh.add(site.siteId);
  }
  for (const count of counts) {
    if (fresh.has(count.siteId)) await call(shelters, 'declareCount', count, { token });
    else
      left.push(
        `site ${count.siteId}: the count that its staff declared stays; the file says ${count.units} units, ${count.occupiedByOthers} of them taken`,
      );
  }
  if (!target.accredit) return left;
  const { organisation: accreditors, until } = target.accredit;
  const accreditor = await target.token(accreditors, 'accreditor');
  for (const { serviceId } of services.filter((service) => fresh.has(service.serviceId)))
    await call(directory, 'accredit', { serviceId, until }, { token: accreditor });
  return left;
}

/** @returns whether the call made something; false where it was there already. */
async function isNew(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if ((error as { code?: number }).code !== status.ALREADY_EXISTS) throw error;
    return false;
  }
}
