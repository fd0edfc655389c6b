import { type ServiceError, status } from '@grpc/grpc-js';
import type {
  DirectoryServiceClient,
  ServiceEntry,
} from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import type { ShelterCapacityServiceClient } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import type {
  DeclareCountRequest,
  GetSiteResponse,
} from '@opennrm/contracts/opennrm/shelter_capacity/v1/site.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { differencesOfCount, differencesOfEntry, differencesOfSite } from './differences.ts';
import type { Proposal } from './proposals.ts';
import type { Split } from './split.ts';

/** Limit for sending a site again until `shelter-capacity` knows the organisation of its service: after a start it may still join its topic. */
const UNTIL_KNOWN_MS = 120_000;

/** The import of one organisation of the file. */
export interface OrganisationImport {
  readonly file: Split;
  readonly directory: DirectoryServiceClient;
  readonly shelters: ShelterCapacityServiceClient;
  /** A token of the organisation's staff. */
  readonly token: string;
  /** The token of the accreditation desk, and the end of the accreditation; undefined leaves the accreditation to the desk. */
  readonly accredit: { readonly token: string; readonly until: string } | undefined;
}

/**
 * Each step first reads the current state of the platform, so that a run completes an earlier run that stopped. A decision of a person is never
 * changed, even when it comes between a read and the call after it: the service then refuses the call.
 * @returns the differences that were not imported.
 */
export async function importOne(one: OrganisationImport): Promise<Proposal[]> {
  const { directory, file, token } = one;
  const proposals: Proposal[] = [];
  await succeededUnless(
    'already-exists',
    call(directory, 'registerOrganisation', file.organisation, { token }),
  );
  const services = await importServices(one, proposals);
  await proposeClosures(one, proposals);
  await importSites(one, services, proposals);
  await importAccreditations(one, services, proposals);
  return proposals;
}

/** @returns the accreditation of each service that belongs to the organisation. */
async function importServices(
  { directory, file, token }: OrganisationImport,
  proposals: Proposal[],
): Promise<ReadonlyMap<string, string>> {
  const own = new Map<string, string>();
  for (const service of file.services) {
    const { serviceId, organisationId } = service;
    if (
      await succeededUnless(
        'already-exists',
        call(directory, 'registerService', service, { token }),
      )
    ) {
      own.set(serviceId, 'applied');
      continue;
    }
    const entry = await getEntry(directory, serviceId, token);
    const ages = { fileDate: file.dates.services.get(serviceId), currentSince: entry.registeredAt };
    if (entry.organisationId !== organisationId) {
      proposals.push({ kind: 'service-of-another', serviceId, ...ages });
      continue;
    }
    own.set(serviceId, entry.accreditation);
    const differences = differencesOfEntry(service, entry);
    if (differences.length > 0)
      proposals.push({ kind: 'entry-differs', serviceId, differences, ...ages });
  }
  return own;
}

/** Proposes to close services that are not active in the file. An import itself never closes a service. */
async function proposeClosures(
  { directory, file, token }: OrganisationImport,
  proposals: Proposal[],
): Promise<void> {
  for (const { serviceId, status: inFile } of file.notActive) {
    const entry = await findOrUndefined(getEntry(directory, serviceId, token));
    const isOwn = entry?.organisationId === file.organisation.organisationId;
    if (!isOwn || entry.accreditation !== 'accredited') continue;
    proposals.push({
      kind: 'not-active-in-file',
      serviceId,
      status: inFile,
      fileDate: file.dates.services.get(serviceId),
      currentSince: entry.accreditationChangedAt,
    });
  }
}

async function importSites(
  { shelters, file, token }: OrganisationImport,
  services: ReadonlyMap<string, string>,
  proposals: Proposal[],
): Promise<void> {
  const own = new Set<string>();
  for (const site of file.sites.filter(({ serviceId }) => services.has(serviceId))) {
    const { siteId } = site;
    const registering = call(shelters, 'registerSite', site, { token, deadlineMs: UNTIL_KNOWN_MS });
    if (await succeededUnless('already-exists', registering)) {
      own.add(siteId);
      continue;
    }
    const ages = { fileDate: file.dates.sites.get(siteId), currentSince: undefined };
    const current = await findOrUndefined(call(shelters, 'getSite', { siteId }, { token }));
    if (!current) {
      proposals.push({ kind: 'site-of-another', siteId, ...ages });
      continue;
    }
    own.add(siteId);
    const differences = differencesOfSite(site, current);
    if (differences.length > 0)
      proposals.push({ kind: 'site-differs', siteId, differences, ...ages });
  }
  for (const count of file.counts.filter(({ siteId }) => own.has(siteId))) {
    const { siteId } = count;
    const current = await declareFirst(shelters, count, token);
    const differences = current ? differencesOfCount(count, current) : [];
    const ages = {
      fileDate: file.dates.counts.get(siteId),
      currentSince: current?.count?.declaredAt,
    };
    if (differences.length > 0)
      proposals.push({ kind: 'count-differs', siteId, differences, ...ages });
  }
}

/** Declares a count if it is the first. @returns the site if it already has a count or rooms, else undefined. */
async function declareFirst(
  shelters: ShelterCapacityServiceClient,
  count: DeclareCountRequest,
  token: string,
): Promise<GetSiteResponse | undefined> {
  const site = (): Promise<GetSiteResponse> =>
    call(shelters, 'getSite', { siteId: count.siteId }, { token });
  const current = await site();
  if (current.count || current.rooms.length > 0) return current;
  const declaring = call(shelters, 'declareCount', { ...count, unlessDeclared: true }, { token });
  return (await succeededUnless(['already-declared', 'has-rooms'], declaring)) ? undefined : site();
}

async function importAccreditations(
  { accredit, directory, file, token }: OrganisationImport,
  services: ReadonlyMap<string, string>,
  proposals: Proposal[],
): Promise<void> {
  if (!accredit) return;
  for (const [serviceId, known] of services) {
    if (known === 'accredited') continue;
    if (known === 'applied') {
      const request = { serviceId, until: accredit.until, unlessDeclared: true };
      const accrediting = call(directory, 'accredit', request, { token: accredit.token });
      // The accreditation desk may not accredit services of its own organisation.
      if (await succeededUnless(['accredited-before', 'own-service'], accrediting)) continue;
    }
    const { accreditation, accreditationChangedAt } = await getEntry(directory, serviceId, token);
    if (accreditation === 'accredited') continue;
    proposals.push({
      kind: 'accreditation-stays',
      serviceId,
      accreditation,
      fileDate: file.dates.services.get(serviceId),
      currentSince: accreditationChangedAt,
    });
  }
}

async function getEntry(
  directory: DirectoryServiceClient,
  serviceId: string,
  token: string,
): Promise<ServiceEntry> {
  const { service } = await call(directory, 'getService', { serviceId }, { token });
  if (!service) throw new Error(`the directory returned no entry for service ${serviceId}`);
  return service;
}

/** @returns false where the call was refused with one of these refusals. */
async function succeededUnless(
  unless: string | readonly string[],
  work: Promise<unknown>,
): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined || ![unless].flat().includes(refusal)) throw error;
    return false;
  }
}

/** @returns undefined where the answer is NOT_FOUND. */
async function findOrUndefined<Found>(work: Promise<Found>): Promise<Found | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as ServiceError).code !== status.NOT_FOUND) throw error;
    return undefined;
  }
}
