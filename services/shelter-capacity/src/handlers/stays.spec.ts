import { randomUUID } from 'node:crypto';
import { hours, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aHold,
  callOf,
  confirmRequested,
  holdRequested,
  noon,
  sampleAddress,
  shelterDatabase,
} from '../outbound/shelter-database.fixture.ts';
import * as stays from './stays.ts';

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
beforeAll(async () => {
  shelter = await shelterDatabase();
});
afterAll(() => shelter.drop());

const NOT_FOUND = { kind: 'refused', refusal: 'not-found', field: 'hold_id' };

async function confirmedPlace() {
  const house = await shelter.house(2);
  const [holdId, escort] = [aHold(), randomUUID()];
  await shelter.receives(holdRequested(holdId, house.serviceId));
  await shelter.receives(confirmRequested(holdId, house.serviceId));
  return { ...house, holdId, escort };
}

async function onTheWay() {
  const place = await confirmedPlace();
  const { holdId, escort: escortId } = place;
  const [expectedAt, addressUntil] = [
    new Date(later(noon, hours(1))),
    new Date(later(noon, hours(2))),
  ];
  await shelter.receives({
    $case: 'journeyArranged',
    value: { holdId, escortId, expectedAt, addressUntil },
  });
  return place;
}

const reads = (holdId: ReturnType<typeof aHold>, person: string) =>
  shelter.inTransaction((tx) =>
    stays.address(
      tx,
      shelter.pack,
      shelter.addresses,
      holdId,
      callOf(randomUUID(), 'escort', person),
    ),
  );

describe('the address of a place', () => {
  it('is read by the named escort, and the read is announced to the vault in the same transaction', async () => {
    const { holdId, escort } = await onTheWay();
    const given = await reads(holdId, escort);
    expect(given.kind === 'answer' && given.response.reveal()).toEqual(sampleAddress);
    expect(await shelter.disclosed(holdId)).toMatchObject([
      {
        holdId,
        personId: escort,
        content: 'arrival-address',
        basis: 'named-escort',
        at: new Date(noon),
      },
    ]);
  });

  it('cannot be read by anyone else, nor by the escort after the arrival, and no read is recorded then', async () => {
    const { holdId, escort, organisation } = await onTheWay();
    expect(await reads(holdId, randomUUID())).toEqual(NOT_FOUND);
    expect(await reads(aHold(), escort)).toEqual(NOT_FOUND);
    await shelter.inTransaction((tx) =>
      stays.arrival(tx, shelter.pack, holdId, callOf(organisation)),
    );
    expect(await reads(holdId, escort)).toEqual(NOT_FOUND);
    expect(await shelter.disclosed(holdId)).toEqual([]);
  });

  it('is in no column of the database in clear text', async () => {
    const { holdId, escort } = await onTheWay();
    await reads(holdId, escort);
    const { rows: tables } = await shelter.database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.table_privileges
       WHERE grantee = current_user AND privilege_type = 'SELECT' AND table_schema = 'public'`,
    );
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['journal', 'provider', 'site_address']),
    );
    for (const { name } of tables) {
      const { rows } = await shelter.database.query<{ line: string }>(
        `SELECT t::text AS line FROM ${name} t`,
      );
      const clear = [
        sampleAddress.addressLine,
        sampleAddress.city,
        sampleAddress.arrivalInstructions,
      ];
      const inHex = clear.map((word) => Buffer.from(word).toString('hex'));
      const found = rows.filter(({ line }) =>
        [...clear, ...inHex].some((word) => line.includes(word)),
      );
      expect(found, name).toEqual([]);
    }
  });
});

describe('a stay', () => {
  it('does not exist for the staff of another organisation', async () => {
    const { holdId, unitIds } = await confirmedPlace();
    const other = callOf((await shelter.house(1)).organisation);
    const { pack } = shelter;
    const tries = await Promise.all([
      shelter.inTransaction((tx) => stays.arrival(tx, pack, holdId, other)),
      shelter.inTransaction((tx) => stays.didNotArrive(tx, pack, holdId, other)),
      shelter.inTransaction((tx) => stays.missing(tx, pack, holdId, other)),
      shelter.inTransaction((tx) => stays.end(tx, pack, holdId, 'moved-on', other)),
      shelter.inTransaction((tx) => stays.move(tx, pack, holdId, unitIds, other)),
    ]);
    expect(tries).toEqual(tries.map(() => NOT_FOUND));
  });

  it('can be begun by the coordination desk of the country, when staff report the arrival by telephone', async () => {
    const { holdId } = await confirmedPlace();
    const desk = shelter.pack.roles.find(({ code }) => code === 'coordinator')?.heldBy?.[0] ?? '';
    const arrived = await shelter.inTransaction((tx) =>
      stays.arrival(tx, shelter.pack, holdId, callOf(desk, 'coordinator')),
    );
    expect(arrived).toEqual({ kind: 'answer', response: { state: 'stay' } });
    expect((await shelter.published(holdId)).at(-1)).toEqual({
      $case: 'arrived',
      value: { holdId, at: new Date(noon) },
    });
  });

  it('is announced with each change until its end', async () => {
    const { holdId, organisation } = await confirmedPlace();
    const staff = callOf(organisation);
    const { pack, inTransaction } = shelter;
    await inTransaction((tx) => stays.arrival(tx, pack, holdId, staff));
    await inTransaction((tx) => stays.absent(tx, pack, holdId, later(noon, hours(8)), staff));
    await inTransaction((tx) => stays.missing(tx, pack, holdId, staff));
    await inTransaction((tx) => stays.returned(tx, pack, holdId, staff));
    await inTransaction((tx) => stays.end(tx, pack, holdId, 'moved-on', staff));
    const changes = (await shelter.published(holdId)).flatMap((event) =>
      event.$case === 'stayChanged' ? [event.value] : [],
    );
    expect(changes.map(({ code, ended }) => [code, ended])).toEqual([
      ['absent', false],
      ['missing', false],
      ['returned', false],
      ['moved-on', true],
    ]);
  });
});
