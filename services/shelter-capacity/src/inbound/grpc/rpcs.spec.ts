import { randomUUID } from 'node:crypto';
import type {
  ListUnitsRequest,
  ListUnitsResponse,
  RegisterSiteRequest,
} from '@opennrm/contracts/opennrm/shelter_capacity/v1/site.ts';
import type { Answer, Call, Rpc } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aHold,
  callOf,
  confirmRequested,
  sampleAddress,
  shelterDatabase,
} from '../../outbound/shelter-database.fixture.ts';
import { rpcs } from './rpcs.ts';

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
let calls: ReturnType<typeof rpcs>;
beforeAll(async () => {
  shelter = await shelterDatabase();
  calls = rpcs(shelter.pack, shelter.addresses);
});
afterAll(() => shelter.drop());

const check = <Request, Response>(rpc: Rpc<Request, Response>, request: Request) => {
  if (rpc.kind !== 'unary') throw new Error('an rpc with one answer');
  return rpc.check(request);
};
const problems = <Request, Response>(rpc: Rpc<Request, Response>, request: Request) => {
  const checked = check(rpc, request);
  return checked.ok ? [] : checked.problems;
};
const answered = <Request, Response>(
  rpc: Rpc<Request, Response>,
  request: Request,
  call: Call,
): Promise<Answer<Response>> =>
  shelter.inTransaction(async (tx) => {
    const checked = check(rpc, request);
    if (!checked.ok)
      throw new Error(checked.problems.map(({ field, rule }) => `${field}: ${rule}`).join('; '));
    return checked.work(tx, call);
  });

const site = (more: Partial<RegisterSiteRequest> = {}): RegisterSiteRequest => ({
  siteId: randomUUID(),
  serviceId: randomUUID(),
  unitKind: 'bed',
  address: sampleAddress,
  rooms: [],
  ...more,
});
const room = (attributes: string[], groups: string[]) => ({
  roomId: randomUUID(),
  attributes,
  groups,
  unitIds: [randomUUID()],
});

describe('the check of a command against the country pack', () => {
  it('accepts the codes of the pack', () =>
    expect(
      problems(calls.registerSite, site({ rooms: [room(['step-free', 'own-room'], ['women'])] })),
    ).toEqual([]));

  it('names each field with an unknown code, and never its value', () => {
    const wrong = site({ unitKind: 'throne', rooms: [room(['golden'], ['royals'])] });
    expect(problems(calls.registerSite, wrong)).toEqual([
      { field: 'unit_kind', rule: 'must be a kind of unit of the country pack' },
      { field: 'rooms[0].attributes[0]', rule: 'must be a room attribute of the country pack' },
      { field: 'rooms[0].groups[0]', rule: 'must be a group of the country pack' },
    ]);
  });

  it('refuses a kind of unit that another provider has', () => {
    expect(shelter.pack.needs.map(({ unitKind }) => unitKind)).toContain('appointment');
    expect(problems(calls.registerSite, site({ unitKind: 'appointment' }))).toEqual([
      { field: 'unit_kind', rule: 'must be a kind of unit of the country pack' },
    ]);
  });

  it('knows the codes for the end of a stay and for a unit out of service', () => {
    const holdId = randomUUID();
    expect(problems(calls.endStay, { holdId, code: 'bored' })).toMatchObject([{ field: 'code' }]);
    for (const { code } of shelter.pack.endOfStayCodes)
      expect(problems(calls.endStay, { holdId, code })).toEqual([]);
    const out = { unitId: randomUUID(), outOfService: true, code: 'bored' };
    expect(problems(calls.setOutOfService, out)).toMatchObject([{ field: 'code' }]);
    expect(problems(calls.setOutOfService, { ...out, outOfService: false, code: '' })).toEqual([]);
  });

  it('requires an address for the escort', () =>
    expect(
      problems(calls.registerSite, site({ address: { ...sampleAddress, addressLine: '' } })),
    ).toEqual([{ field: 'address.address_line', rule: 'must not be empty' }]));
});

describe('the list of units', () => {
  const lists = async (
    call: Call,
    more: Partial<ListUnitsRequest> = {},
  ): Promise<ListUnitsResponse> => {
    const given = await answered(
      calls.listUnits,
      { siteId: '', pageSize: 0, pageToken: '', ...more },
      call,
    );
    if (given.kind !== 'answer') throw new Error(given.refusal);
    return given.response;
  };

  it('shows the state of each unit, and nothing about the people', async () => {
    const { organisation, serviceId, unitIds } = await shelter.house(3);
    await shelter.receives(confirmRequested(aHold(), serviceId));
    const staff = callOf(organisation);
    const unitId = unitIds[2] ?? '';
    await answered(
      calls.setOutOfService,
      { unitId, outOfService: true, code: shelter.pack.outOfServiceCodes[0]?.code ?? '' },
      staff,
    );
    const { units } = await lists(staff);
    expect(new Map(units.map((one) => [one.unitId, one.state]))).toEqual(
      new Map([
        [unitIds[0], 'confirmed'],
        [unitIds[1], 'free'],
        [unitIds[2], 'out-of-service'],
      ]),
    );
  });

  it('has pages by site, room and unit; no unit is repeated or missing when a room is added between two pages', async () => {
    const organisation: string = randomUUID();
    const staff = callOf(organisation);
    /** Site, room and unit in one text. All ids have the same length, so the order of the texts is the order of the three. */
    const expected: string[] = [];
    const adds = async (siteId: string) => {
      const one = {
        roomId: randomUUID(),
        attributes: [],
        groups: [],
        unitIds: [1, 2, 3].map(() => randomUUID()),
      };
      await answered(calls.registerRooms, { siteId, rooms: [one] }, staff);
      return one.unitIds.map((unitId) => `${siteId} ${one.roomId} ${unitId}`);
    };
    const houses = [await shelter.house(0, organisation), await shelter.house(0, organisation)];
    for (const { siteId } of houses)
      for (let room = 0; room < 3; room++)
        for (const unit of await adds(siteId)) expected.push(unit);
    const [seen, atTheStart] = [[] as string[], new Set(expected)];
    for (let pageToken = '', turns = 0; ; turns++) {
      const { units, nextPageToken } = await lists(staff, { pageSize: 2, pageToken });
      for (const { siteId, roomId, unitId } of units) seen.push(`${siteId} ${roomId} ${unitId}`);
      if (nextPageToken === '') break;
      pageToken = nextPageToken;
      if (turns < 3) for (const { siteId } of houses) await adds(siteId);
    }
    expect(seen.filter((unit) => atTheStart.has(unit))).toEqual(expected.toSorted());
    expect(seen).toEqual([...new Set(seen)].toSorted());
  });

  it('has pages in the order of the numbers, where a site has a declared count', async () => {
    const { organisation, siteId } = await shelter.house(0);
    const staff = callOf(organisation);
    await answered(calls.declareCount, { siteId, units: 11, occupiedByOthers: 0 }, staff);
    const first = await lists(staff, { pageSize: 3 });
    const second = await lists(staff, { pageSize: 20, pageToken: first.nextPageToken });
    const numbers = [...first.units, ...second.units].map((one) => one.unitId);
    expect(numbers).toEqual(Array.from({ length: 11 }, (_, nth) => `${siteId}/${nth + 1}`));
  });

  it('refuses every page token that it did not give', () => {
    const place = [randomUUID(), randomUUID(), randomUUID()].join('_');
    // The second and the third are from an earlier version of these lists.
    for (const pageToken of [
      'x',
      randomUUID(),
      `${randomUUID()}_0`,
      `${place.toUpperCase()}_0`,
      `${place}_a`,
    ])
      expect(problems(calls.listUnits, { siteId: '', pageSize: 1, pageToken })).toMatchObject([
        { field: 'page_token' },
      ]);
    expect(problems(calls.listUnits, { siteId: '', pageSize: 1, pageToken: `${place}_0` })).toEqual(
      [],
    );
    for (const pageToken of ['x', randomUUID(), `x_${randomUUID()}`])
      expect(problems(calls.getArrivalPlan, { pageSize: 1, pageToken })).toMatchObject([
        { field: 'page_token' },
      ]);
  });

  it('is empty for an organisation without units here', async () =>
    expect(await lists(callOf(randomUUID()))).toEqual({ units: [], nextPageToken: '' }));
});

describe('a site', () => {
  const reads = (siteId: string, call: Call) => answered(calls.getSite, { siteId }, call);

  it('is shown with its rooms to its own staff, and without its address', async () => {
    const { organisation, siteId, serviceId, unitIds } = await shelter.house(2);
    const shown = await reads(siteId, callOf(organisation));
    expect(shown).toMatchObject({
      response: { siteId, serviceId, unitKind: 'bed', count: undefined },
    });
    expect(shown).toMatchObject({ response: { rooms: [{ attributes: [], groups: [], unitIds }] } });
    expect(JSON.stringify(shown)).not.toContain(sampleAddress.addressLine);
  });

  it('shows whether and when a count was declared; one with `unless_declared` does not replace it', async () => {
    const { organisation, siteId } = await shelter.house(0);
    const staff = callOf(organisation);
    const first = { siteId, units: 4, occupiedByOthers: 1, unlessDeclared: true };
    expect(await reads(siteId, staff)).toMatchObject({ response: { rooms: [], count: undefined } });
    expect(await answered(calls.declareCount, first, staff)).toMatchObject({
      response: { free: 3 },
    });
    expect(await answered(calls.declareCount, { ...first, units: 9 }, staff)).toMatchObject({
      refusal: 'already-declared',
      field: 'site_id',
    });
    const count = { units: 4, occupiedByOthers: 1, declaredAt: new Date(staff.at) };
    expect(await reads(siteId, staff)).toMatchObject({ response: { count } });
  });
});
