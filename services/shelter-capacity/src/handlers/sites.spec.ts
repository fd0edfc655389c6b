import { randomUUID } from 'node:crypto';
import { Personal } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceId, SiteId, UnitId } from '../domain/site.ts';
import {
  aHold,
  callOf,
  confirmRequested,
  holdRequested,
  noon,
  sampleAddress,
  serviceRegistered,
  shelterDatabase,
} from '../outbound/shelter-database.fixture.ts';
import * as sites from './sites.ts';
import * as stays from './stays.ts';

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
beforeAll(async () => {
  shelter = await shelterDatabase();
});
afterAll(() => shelter.drop());

const aSite = (serviceId: string, siteId: string = randomUUID()) => ({
  siteId: siteId as SiteId,
  serviceId: serviceId as ServiceId,
  unitKind: 'bed',
  rooms: [
    {
      roomId: randomUUID(),
      attributes: [],
      groups: [],
      unitIds: [randomUUID() as string as UnitId],
    },
  ],
});

const registers = (organisation: string, site: ReturnType<typeof aSite>, address = sampleAddress) =>
  shelter.inTransaction((tx) =>
    sites.register(
      tx,
      shelter.pack,
      shelter.addresses,
      site,
      new Personal(address),
      callOf(organisation),
    ),
  );

const answersTo = async (holdId: string) =>
  (await shelter.published(holdId)).map((one) => one.$case);

describe('a service that the directory has not announced yet', () => {
  it('gets no site: the caller is asked to send the request again', async () =>
    expect(await registers(randomUUID(), aSite(randomUUID()))).toEqual({
      kind: 'refused',
      refusal: 'not-known-yet',
      field: 'service_id',
    }));

  it('has no bed', async () => {
    const holdId = aHold();
    await shelter.receives(holdRequested(holdId, randomUUID()));
    expect(await answersTo(holdId)).toEqual(['holdRefused']);
  });
});

describe('a service of the directory', () => {
  it('gets no site from another organisation, and no escort is sent to an address of theirs', async () => {
    const [owner, stranger, escort] = [randomUUID(), randomUUID(), randomUUID()];
    const serviceId = await shelter.service(owner);
    const trap = { ...sampleAddress, addressLine: '1 Trap Street' };
    expect(await registers(stranger, aSite(serviceId), trap)).toMatchObject({
      refusal: 'not-found',
      field: 'service_id',
    });
    expect(await registers(owner, aSite(serviceId))).toMatchObject({
      kind: 'answer',
      response: { free: 1 },
    });
    const holdId = aHold();
    await shelter.receives(holdRequested(holdId, serviceId));
    await shelter.receives(confirmRequested(holdId, serviceId));
    const times = {
      expectedAt: new Date(noon + 3_600_000),
      addressUntil: new Date(noon + 7_200_000),
    };
    await shelter.receives({
      $case: 'journeyArranged',
      value: { holdId, escortId: escort, ...times },
    });
    const reading = callOf(randomUUID(), 'escort', escort);
    const given = await shelter.inTransaction((tx) =>
      stays.address(tx, shelter.pack, shelter.addresses, holdId, reading),
    );
    expect(given.kind === 'answer' && given.response.reveal()).toEqual(sampleAddress);
  });

  it('gives no hold on a site that another organisation had before, and the address of that site cannot be read', async () => {
    const [owner, escort] = [randomUUID(), randomUUID()];
    const stranger = await shelter.house(1);
    const holdId = aHold();
    await shelter.receives(holdRequested(holdId, stranger.serviceId));
    await shelter.receives(confirmRequested(holdId, stranger.serviceId));
    const times = {
      expectedAt: new Date(noon + 3_600_000),
      addressUntil: new Date(noon + 7_200_000),
    };
    await shelter.receives({
      $case: 'journeyArranged',
      value: { holdId, escortId: escort, ...times },
    });
    // As in an older row: the stranger registered the site first, and the directory has never named them.
    await shelter.database.query(
      `UPDATE provider SET state = state || '{"services": []}' WHERE id = $1`,
      [stranger.organisation],
    );
    await shelter.receives(serviceRegistered(stranger.serviceId, owner));
    const reading = callOf(randomUUID(), 'escort', escort);
    expect(
      await shelter.inTransaction((tx) =>
        stays.address(tx, shelter.pack, shelter.addresses, holdId, reading),
      ),
    ).toMatchObject({ refusal: 'not-found' });
    const next = aHold();
    await shelter.receives(holdRequested(next, stranger.serviceId));
    expect(await answersTo(next)).toEqual(['holdRefused']);
    const staff = callOf(stranger.organisation);
    const rooms = aSite(stranger.serviceId).rooms;
    expect(
      await shelter.inTransaction((tx) =>
        sites.rooms(tx, shelter.pack, stranger.siteId, rooms, staff),
      ),
    ).toMatchObject({
      refusal: 'not-found',
      field: 'site_id',
    });
    const counted = { siteId: stranger.siteId, units: 3, occupiedByOthers: 0 };
    expect(
      await shelter.inTransaction((tx) => sites.count(tx, shelter.pack, counted, staff)),
    ).toMatchObject({
      refusal: 'not-found',
      field: 'site_id',
    });
  });

  it('gets no site with an id that another organisation named first', async () => {
    const { siteId } = await shelter.house(1);
    const other = randomUUID();
    expect(await registers(other, aSite(await shelter.service(other), siteId))).toMatchObject({
      refusal: 'already-exists',
      field: 'site_id',
    });
  });

  it('that is announced again does not change', async () => {
    const { serviceId, organisation } = await shelter.house(2);
    await shelter.receives(serviceRegistered(serviceId, organisation));
    expect(await shelter.published(serviceId)).toHaveLength(1);
  });
});

it('a suspension that arrived before the first site is kept: the site has no free bed until it is lifted', async () => {
  const owner = randomUUID();
  const serviceId = await shelter.service(owner);
  await shelter.receives({ $case: 'serviceSuspended', value: { serviceId } });
  expect(await registers(owner, aSite(serviceId))).toMatchObject({
    kind: 'answer',
    response: { free: 0 },
  });
  const [suspended, free] = [aHold(), aHold()];
  await shelter.receives(holdRequested(suspended, serviceId));
  expect(await answersTo(suspended)).toEqual(['holdRefused']);
  await shelter.receives({ $case: 'serviceReinstated', value: { serviceId } });
  await shelter.receives(holdRequested(free, serviceId));
  expect(await answersTo(free)).toEqual(['bedHeld']);
});
