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

/** Imports a directory by the public calls. What is there already is left as it is, so it can be repeated. */
export async function importDirectory(
  organizations: readonly HsdsOrganization[],
  target: ImportTarget,
): Promise<{ services: number; sites: number }> {
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
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      await importOne(one, clients, target);
      if (++done % 20 === 0) target.progress(`Directory: ${done} of ${organizations.length} organisations …`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  clients.directory.close();
  clients.shelters.close();
  return total;
}

interface Clients {
  readonly directory: DirectoryServiceClient;
  readonly shelters: ShelterCapacityServiceClient;
}

async function importOne(
  { organisation, services, sites, counts }: Split,
  { directory, shelters }: Clients,
  target: ImportTarget,
): Promise<void> {
  const { organisationId } = organisation;
  const token = await target.token(organisationId, 'provider-staff');
  await unlessThere(call(directory, 'registerOrganisation', organisation, { token }));
  for (const service of services) await unlessThere(call(directory, 'registerService', service, { token }));
  for (const site of sites)
    await unlessThere(call(shelters, 'registerSite', site, { token, deadlineMs: UNTIL_KNOWN_MS }));
  for (const count of counts) await call(shelters, 'declareCount', count, { token });
  if (!target.accredit) return;
  const { organisation: accreditors, until } = target.accredit;
  const accreditor = await target.token(accreditors, 'accreditor');
  for (const { serviceId } of services) await call(directory, 'accredit', { serviceId, until }, { token: accreditor });
}

async function unlessThere(work: Promise<unknown>): Promise<void> {
  await work.catch((error: { code?: number }) => {
    if (error.code !== status.ALREADY_EXISTS) throw error;
  });
}
