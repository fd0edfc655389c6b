import { randomUUID } from 'node:crypto';
import { Personal } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Room, SiteId, UnitId } from '../domain/site.ts';
import { rpcs } from '../inbound/grpc/rpcs.ts';
import {
  aHold,
  callOf,
  confirmRequested,
  holdRequested,
  sampleAddress,
  shelterDatabase,
} from '../outbound/shelter-database.fixture.ts';
import * as sites from './sites.ts';

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
beforeAll(async () => {
  shelter = await shelterDatabase();
});
afterAll(() => shelter.drop());

const aRoom = (more: Partial<Room> = {}): Room => ({
  roomId: randomUUID(),
  attributes: [],
  groups: [],
  unitIds: [randomUUID() as string as UnitId],
  ...more,
});

const adds = (organisation: string, siteId: SiteId, rooms: readonly Room[]) =>
  shelter.inTransaction((tx) => sites.rooms(tx, shelter.pack, siteId, rooms, callOf(organisation)));

const roomOf = async (organisation: string): Promise<string> => {
  const { rows } = await shelter.database.query<{ room_or_unit_id: string }>(
    `SELECT room_or_unit_id FROM room_unit_owner WHERE kind = 'room' AND provider_id = $1`,
    [organisation],
  );
  return rows[0]?.room_or_unit_id ?? '';
};

describe('the id of a room or a unit', () => {
  it('belongs to the provider that named it first: another provider is refused with the field', async () => {
    const [first, second] = [await shelter.house(1), await shelter.house(1)];
    const theirs = aRoom({ unitIds: [randomUUID() as string as UnitId, ...first.unitIds] });
    expect(await adds(second.organisation, second.siteId, [aRoom(), theirs])).toEqual({
      kind: 'refused',
      refusal: 'already-exists',
      field: 'rooms[1].unit_ids[1]',
    });
    const room = aRoom({ roomId: await roomOf(first.organisation) });
    expect(await adds(second.organisation, second.siteId, [room])).toMatchObject({
      refusal: 'already-exists',
      field: 'rooms[0].room_id',
    });
  });

  it('is checked in a new site too', async () => {
    const [first, second] = [await shelter.house(1), await shelter.house(1)];
    const site = {
      siteId: randomUUID() as string as SiteId,
      serviceId: second.serviceId,
      unitKind: 'bed',
    };
    const rooms = [aRoom({ unitIds: first.unitIds })];
    const given = await shelter.inTransaction((tx) =>
      sites.register(
        tx,
        shelter.pack,
        shelter.addresses,
        { ...site, rooms },
        new Personal(sampleAddress),
        callOf(second.organisation),
      ),
    );
    expect(given).toMatchObject({ refusal: 'already-exists', field: 'rooms[0].unit_ids[0]' });
  });

  it('is given to one of two providers that name it at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const houses = [await shelter.house(1), await shelter.house(1)];
      const room = aRoom();
      await Promise.allSettled(
        houses.map(({ organisation, siteId }) => adds(organisation, siteId, [room])),
      );
      const again = await Promise.all(
        houses.map(({ organisation, siteId }) => adds(organisation, siteId, [room])),
      );
      expect(again.map((one) => one.kind === 'refused' && one.refusal).sort()).toEqual([
        'already-exists',
        'room-twice',
      ]);
    }
  });

  it('does not stop the messages of two providers that share it in older rows', async () => {
    const [first, second] = [await shelter.house(1), await shelter.house(1)];
    await shelter.database.query(
      'UPDATE provider SET state = replace(state::text, $2, $3)::jsonb WHERE id = $1',
      [second.organisation, second.unitIds[0], first.unitIds[0]],
    );
    for (const { serviceId } of [second, first]) {
      const holdId = aHold();
      await shelter.receives(holdRequested(holdId, serviceId));
      await shelter.receives(confirmRequested(holdId, serviceId));
      expect((await shelter.published(holdId)).map((one) => one.$case)).toEqual([
        'bedHeld',
        'bedConfirmed',
      ]);
    }
  });
});

it('rooms that name one unit twice are refused, also where the second id is in capitals', async () => {
  const { organisation, siteId } = await shelter.house(1);
  const { registerRooms } = rpcs(shelter.pack, shelter.addresses);
  const unit = randomUUID();
  const room = {
    roomId: randomUUID(),
    attributes: ['step-free', 'step-free'],
    groups: [],
    unitIds: [unit, unit.toUpperCase()],
  };
  const given = await shelter.inTransaction(async (tx) => {
    if (registerRooms.kind !== 'unary') throw new Error('an rpc with one answer');
    const checked = registerRooms.check({ siteId, rooms: [room] });
    if (!checked.ok) throw new Error('the request was not valid');
    return checked.work(tx, callOf(organisation));
  });
  expect(given).toMatchObject({ refusal: 'unit-twice', field: 'rooms' });
});
