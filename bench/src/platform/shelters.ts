import { randomUUID } from 'node:crypto';
import { DirectoryServiceClient } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import { ShelterCapacityServiceClient } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import type { Platform } from '@opennrm/infra/local';
import { call, connect } from '@opennrm/runtime';
import type { TestShelter } from '../load/job.ts';
import type { BenchCountry } from './pack.ts';

/** Shelters of organisations of their own, registered and accredited by the public calls. */
export interface Shelters {
  readonly testShelters: readonly TestShelter[];
  readonly serviceIds: readonly string[];
  /** Removes these shelters from the directory, so that the next ones are alone in it. */
  close(): Promise<void>;
}

const AT_ONCE = 6;
/** How long a site is sent again until `shelter-capacity` knows which organisation owns its service. */
const UNTIL_KNOWN_MS = 40_000;
const BEDS_PER_ROOM = 4;
const LIFETIME_SECONDS = 6 * 3_600;

export async function openShelters(
  { service: running, issuer }: Platform,
  places: BenchCountry,
  { count, beds }: { readonly count: number; readonly beds: number },
): Promise<Shelters> {
  const directory = connect(DirectoryServiceClient, running('referral').grpcAddress);
  const shelters = connect(ShelterCapacityServiceClient, running('shelter-capacity').grpcAddress);
  const tokenOf = (organisation: string, role: string): Promise<string> =>
    issuer.token({ organisation, role, person: randomUUID(), lifetimeSeconds: LIFETIME_SECONDS });
  const accreditor = await tokenOf(places.accreditors, 'accreditor');
  const serviceIds: string[] = [];
  const open = async (nth: number): Promise<TestShelter> => {
    const [organisationId, serviceId] = [randomUUID(), randomUUID()];
    const token = await tokenOf(organisationId, 'provider-staff');
    const region = places.regions[nth % places.regions.length] ?? '';
    const language =
      places.languages[Math.floor(nth / places.regions.length) % places.languages.length] ?? '';
    await call(
      directory,
      'registerOrganisation',
      { organisationId, kind: 'non-governmental' },
      { token },
    );
    await call(
      directory,
      'registerService',
      service({ serviceId, organisationId, region, language }),
      { token },
    );
    await call(shelters, 'registerSite', site(serviceId, beds), {
      token,
      deadlineMs: UNTIL_KNOWN_MS,
    });
    await call(directory, 'accredit', { serviceId, until: '2099-01-01' }, { token: accreditor });
    serviceIds.push(serviceId);
    return { organisationId, token, region, language };
  };
  const suspend = async (serviceId: string): Promise<void> => {
    await call(directory, 'suspend', { serviceId, code: 'own-request' }, { token: accreditor });
  };
  const testShelters = await mapFewAtOnce(
    Array.from({ length: count }, (_, nth) => nth),
    open,
  );
  return {
    testShelters,
    serviceIds,
    async close() {
      await mapFewAtOnce(serviceIds, suspend);
      directory.close();
      shelters.close();
    },
  };
}

/** A few at a time, in order: the platform limits the calls of an organisation per second. */
async function mapFewAtOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let nth = next++; nth < items.length; nth = next++)
      results[nth] = await work(items[nth] as Item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

interface Offering {
  readonly serviceId: string;
  readonly organisationId: string;
  readonly region: string;
  readonly language: string;
}

const service = ({ language, ...ids }: Offering) => ({
  ...ids,
  need: 'safe-accommodation',
  acceptance: 'by-offer',
  openHours: [],
  nightCover: true,
  openOnHolidays: false,
  promisedAnswerMinutes: 60,
  criteria: {
    groups: ['women'],
    smallestParty: 1,
    largestParty: 1,
    accessibility: [],
    languages: [language],
    care: [],
    risksNotAccepted: [],
    specialisms: [],
    childLicence: true,
    fundingRequired: false,
  },
});

const site = (serviceId: string, beds: number) => ({
  serviceId,
  siteId: randomUUID(),
  unitKind: 'bed',
  rooms: Array.from({ length: Math.ceil(beds / BEDS_PER_ROOM) }, (_, room) => ({
    roomId: randomUUID(),
    attributes: [],
    groups: [],
    unitIds: Array.from({ length: Math.min(BEDS_PER_ROOM, beds - room * BEDS_PER_ROOM) }, () =>
      randomUUID(),
    ),
  })),
  address: {
    addressLine: 'Synthetic Lane 1',
    city: 'Testville',
    postalCode: 'X1',
    arrivalInstructions: 'ring twice',
  },
});
