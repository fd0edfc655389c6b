import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OrganisationId, ServiceId } from '../domain/need.ts';
import { monday, pack, service } from '../domain/saga.fixture.ts';
import { register, registerOrganisation } from '../handlers/directory.ts';
import { storeHint } from './capacity-hints.ts';
import {
  freeBandOf,
  listServices,
  SERVICES_BEGIN,
  type ServicePosition,
} from './directory-reads.ts';
import { callOf, referralDatabase } from './referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());

/** An organisation registers itself and a service; its free units are not known yet. */
async function registered(): Promise<string> {
  const serviceId = randomUUID() as string as ServiceId;
  const organisationId = randomUUID() as string as OrganisationId;
  const call = callOf(monday, 'provider-admin', organisationId);
  const {
    hint: _hint,
    openOffers: _open,
    unansweredLately: _late,
    accreditedUntil: _until,
    ...entry
  } = service('by-offer', { serviceId, organisationId });
  await world.inTransaction((tx) => registerOrganisation(tx, organisationId, 'private', call));
  expect(await world.inTransaction((tx) => register(tx, pack, entry, call))).toMatchObject({
    kind: 'answer',
  });
  return serviceId;
}

const reportsFree = (serviceId: string, free: number) =>
  world.inTransaction((tx) =>
    storeHint(tx, { serviceId, unitKind: 'bed', free, asOf: monday, causedByHoldId: undefined }),
  );

it('the directory lists its services page by page, each with the band of its free units', async () => {
  const services = [await registered(), await registered(), await registered()].sort();
  const [none = '', some = ''] = services;
  await reportsFree(none, 0);
  await reportsFree(some, 6);
  const page = (from: ServicePosition) => world.inTransaction((tx) => listServices(tx, from, 2));
  const [first, second] = [
    await page(SERVICES_BEGIN),
    await page({ need: 'safe-accommodation', id: some }),
  ];
  expect([...first, ...second].map(({ entry }) => entry.serviceId)).toEqual(services);
  expect([...first, ...second].map(({ freeBand }) => freeBand)).toEqual([
    'none',
    '6-20',
    'unknown',
  ]);
});

it('the directory shows the band of the free units of one service', async () => {
  const serviceId = await registered();
  const band = () => world.inTransaction((tx) => freeBandOf(tx, serviceId));
  expect(await band()).toBe('unknown');
  await reportsFree(serviceId, 21);
  expect(await band()).toBe('more');
});
