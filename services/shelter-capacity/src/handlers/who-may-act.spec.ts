import { randomUUID } from 'node:crypto';
import type { Answer, Call } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rpcs } from '../adapters/grpc/rpcs.ts';
import {
  aHold,
  callOf,
  confirmRequested,
  door,
  holdRequested,
  shelterDatabase,
} from '../adapters/shelter-database.fixture.ts';

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
let calls: ReturnType<typeof rpcs>;
let known: Named;
beforeAll(async () => {
  shelter = await shelterDatabase();
  calls = rpcs(shelter.pack, shelter.addresses);
  const { serviceId, siteId, unitIds } = await shelter.house(2);
  const [holdId, held] = [aHold(), aHold()];
  await shelter.hears(confirmRequested(holdId, serviceId));
  await shelter.hears(holdRequested(held, serviceId));
  known = { holdId, siteId, unitId: unitIds[0] ?? '', serviceId };
});
afterAll(() => shelter.drop());

interface Named {
  readonly holdId: string;
  readonly siteId: string;
  readonly unitId: string;
  readonly serviceId: string;
}
const unknown: Named = { holdId: aHold(), siteId: randomUUID(), unitId: randomUUID(), serviceId: randomUUID() };

const aRoom = () => ({ roomId: randomUUID(), attributes: [], groups: [], unitIds: [randomUUID()] });

/** A good request of every rpc about something that exists; an rpc that is not here fails the first spec below. */
const aboutHolds: Readonly<Record<string, (named: Named) => object>> = {
  recordArrival: ({ holdId }) => ({ holdId }),
  recordDidNotArrive: ({ holdId }) => ({ holdId }),
  moveWithin: ({ holdId, unitId }) => ({ holdId, unitIds: [unitId] }),
  recordAbsent: ({ holdId }) => ({ holdId, keptUntil: new Date('2026-03-03T12:00:00Z') }),
  recordMissing: ({ holdId }) => ({ holdId }),
  recordReturned: ({ holdId }) => ({ holdId }),
  endStay: ({ holdId }) => ({ holdId, code: shelter.pack.endOfStayCodes[0]?.code }),
  getArrivalAddress: ({ holdId }) => ({ holdId }),
};
const aboutPlaces: typeof aboutHolds = {
  registerRooms: ({ siteId }) => ({ siteId, rooms: [aRoom()] }),
  declareCount: ({ siteId }) => ({ siteId, units: 3, occupiedByOthers: 0 }),
  setOutOfService: ({ unitId }) => ({ unitId, outOfService: true, code: shelter.pack.outOfServiceCodes[0]?.code }),
};
const registerSite = ({ serviceId }: Named) => ({
  siteId: randomUUID(),
  serviceId,
  unitKind: 'bed',
  address: door,
  rooms: [aRoom()],
});
const lists: typeof aboutHolds = {
  listUnits: ({ siteId }) => ({ siteId, pageSize: 0, pageToken: '' }),
  getArrivalPlan: () => ({ pageSize: 0, pageToken: '' }),
};

it('has a request for every rpc', () =>
  expect(Object.keys({ ...aboutHolds, ...aboutPlaces, registerSite, ...lists }).sort()).toEqual(
    Object.keys(calls).sort(),
  ));

/** Everybody of another organisation: whatever role the token names, the country gives its own desks to others. */
const roles = ['coordinator', 'provider-staff', 'escort', 'caseworker', 'accreditor', 'operator'];

describe.each(roles)('a %s of another organisation', (role) => {
  const stranger = () => callOf(randomUUID(), role);

  it.each(Object.entries({ ...aboutHolds, ...aboutPlaces }))(
    'is answered by %s as if there were no such thing, and changes nothing',
    async (name, request) => {
      const before = await shelter.contents();
      const given = await sent(name, request(known), stranger());
      expect(given).toMatchObject({ kind: 'refused', refusal: 'not-found' });
      expect(given).toEqual(await sent(name, request(unknown), stranger()));
      expect(await shelter.contents()).toEqual(before);
    },
  );

  it('registers no site for a service that the directory gives to somebody else', async () => {
    const before = await shelter.contents();
    const given = await sent('registerSite', registerSite(known), stranger());
    expect(given).toMatchObject({ kind: 'refused', refusal: 'not-found', field: 'service_id' });
    expect(await shelter.contents()).toEqual(before);
  });

  it.each(Object.entries(lists))('is shown nothing by %s', async (name, request) => {
    const given = (await sent(name, request(known), stranger())) as { response: Record<string, unknown> };
    expect(Object.values(given.response).flat()).toEqual(['']);
  });
});

describe('a coordinator of the organisation that holds the desk of the country', () => {
  it('records an arrival for the staff, and reads no address', async () => {
    const desk = shelter.pack.roles.find(({ code }) => code === 'coordinator')?.heldBy?.[0] ?? '';
    expect(await sent('recordArrival', { holdId: known.holdId }, callOf(desk, 'coordinator'))).toMatchObject({
      kind: 'answer',
      response: { state: 'stay' },
    });
    expect(await sent('getArrivalAddress', { holdId: known.holdId }, callOf(desk, 'coordinator'))).toMatchObject({
      kind: 'refused',
      refusal: 'not-found',
    });
  });
});

async function sent(name: string, request: object, call: Call): Promise<Answer<object>> {
  const rpc = calls[name as keyof typeof calls];
  if (rpc.kind !== 'unary') throw new Error(`${name} has more than one answer`);
  const checked = rpc.check(request as never);
  if (!checked.ok) throw new Error(checked.problems.map(({ field, rule }) => `${name} ${field}: ${rule}`).join('; '));
  return shelter.inTurn((tx) => checked.work(tx, call) as Promise<Answer<object>>);
}
