import { randomUUID } from 'node:crypto';
import { type EventOf, type TopicOf, topics } from '@opennrm/contracts/topics';
import { type CountryPack, desksOf } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { typeOf } from '@opennrm/messaging';
import { Actor, type Call, Personal, type Transaction } from '@opennrm/runtime';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import type { HoldId } from '../domain/hold.ts';
import type { Room, ServiceId, SiteId, UnitId } from '../domain/site.ts';
import * as sites from '../handlers/sites.ts';
import { fromReferral } from '../inbound/consumed.ts';
import { type Address, addressesWith } from './addresses.ts';

export const noon: Instant = instant(Date.UTC(2026, 2, 2, 12));
type FromReferral = EventOf<typeof topics.referralForShelterCapacity>;

/** A synthetic address. */
export const sampleAddress: Address = {
  addressLine: '7 Nowhere Lane',
  city: 'Sampleton',
  postalCode: 'X0 0XX',
  arrivalInstructions: 'Ring twice',
};

const { roles } = await loadCountryPack('infra/countries/sample');

export const callOf = (
  organisation: string,
  role = 'provider-staff',
  person: string = randomUUID(),
): Call => ({
  actor: new Actor({ organisation, role, person }, desksOf({ roles })),
  at: noon,
  rpc: 'spec',
});

export interface House {
  readonly organisation: string;
  readonly siteId: SiteId;
  readonly serviceId: ServiceId;
  readonly unitIds: readonly UnitId[];
}

/** `shelter-capacity` on a real PostgreSQL, with its own database role. It receives events of `referral`, and shows its messages. */
export async function shelterDatabase(connections = 10) {
  const { database, contents, drop } = await testDatabase('shelter-capacity', { connections });
  const pack: CountryPack = await loadCountryPack('infra/countries/sample');
  const addresses = addressesWith(Buffer.alloc(32, 7));
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction(work);

  async function sent<Event extends { readonly $case: string }>(
    topic: TopicOf<Event>,
    key: string,
  ): Promise<Event[]> {
    const { rows } = await database.query<{ value: Buffer }>(
      'SELECT value FROM journal JOIN outbox USING (position) WHERE topic = $1 AND key = $2 ORDER BY position',
      [topic.name, key],
    );
    return rows.flatMap(({ value }) => topic.decode(value) ?? []);
  }

  /** The directory names a new service as this organisation's. */
  async function service(organisationId: string): Promise<ServiceId> {
    const serviceId = randomUUID() as string as ServiceId;
    await inTransaction((tx) => receive(tx, serviceRegistered(serviceId, organisationId), noon));
    return serviceId;
  }

  return {
    database,
    contents,
    drop,
    pack,
    addresses,
    inTransaction,
    service,
    /** Registers a house of one room for a new service. Without beds it has no room and may declare a count. */
    async house(
      beds: number,
      organisation: string = randomUUID(),
      more: Partial<Room> = {},
    ): Promise<House> {
      const unitIds = Array.from({ length: beds }, () => randomUUID() as string as UnitId);
      const siteId = randomUUID() as string as SiteId;
      const serviceId = await service(organisation);
      const rooms =
        beds > 0 ? [{ roomId: randomUUID(), attributes: [], groups: [], unitIds, ...more }] : [];
      const site = { siteId, serviceId, unitKind: 'bed', rooms };
      await inTransaction((tx) =>
        sites.register(
          tx,
          pack,
          addresses,
          site,
          new Personal(sampleAddress),
          callOf(organisation),
        ),
      );
      return { organisation, siteId, serviceId, unitIds };
    },
    /** Applies an event of `referral`, in its own bytes. */
    receives: (event: FromReferral, now: Instant = noon): Promise<void> =>
      inTransaction((tx) => receive(tx, event, now)),
    /** Applies several events in one transaction, as a slice of a partition. */
    receivesSlice: (events: readonly FromReferral[]): Promise<void> =>
      inTransaction(async (tx) => {
        await fromReferral.lockFirst?.(
          tx,
          events.map((event) => topics.referralForShelterCapacity.encode(event)),
        );
        for (const event of events) await receive(tx, event, noon);
      }),
    /** The messages to `referral` on a stream, in order. */
    published: (key: string) => sent(topics.shelterCapacityForReferral, key),
    /** The messages to the vault about reads of addresses. */
    disclosed: async (holdId: string) =>
      (await sent(topics.shelterCapacityForCaseVault, holdId)).map((one) => one.value),
  };
}

async function receive(tx: Transaction, event: FromReferral, now: Instant): Promise<void> {
  const topic = topics.referralForShelterCapacity;
  const apply = fromReferral.read(typeOf(topic, event.$case), topic.encode(event));
  if (!apply) throw new Error(`${event.$case} has no handler`);
  await apply(tx, { id: randomUUID(), key: randomUUID(), sequence: 1, epoch: 1, at: now, now });
}

export const aHold = (): HoldId => randomUUID() as string as HoldId;

export const serviceRegistered = (serviceId: string, organisationId: string): FromReferral => ({
  $case: 'serviceRegistered',
  value: { serviceId, organisationId },
});

interface Asked {
  readonly places?: number;
  readonly apartIds?: string[];
}

const termsOn = (serviceId: string, { places = 1, apartIds = [] }: Asked = {}) => ({
  serviceId,
  unitKind: 'bed',
  places,
  attributes: [],
  apartIds,
  group: 'women',
});

export const holdRequested = (holdId: string, serviceId: string, asked?: Asked): FromReferral => ({
  $case: 'holdRequested',
  value: { holdId, terms: termsOn(serviceId, asked), until: new Date(noon + 7_200_000) },
});

export const confirmRequested = (
  holdId: string,
  serviceId: string,
  asked?: Asked,
): FromReferral => ({
  $case: 'confirmRequested',
  value: { holdId, terms: termsOn(serviceId, asked) },
});
