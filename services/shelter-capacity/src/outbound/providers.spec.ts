import { randomUUID } from 'node:crypto';
import { systemAuthor } from '@opennrm/messaging';
import { hours, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderEvent } from '../domain/events.ts';
import { onTimePasses } from '../handlers/on-time-passes.ts';
import { changeProvider } from '../handlers/provider-commands.ts';
import * as sites from '../handlers/sites.ts';
import {
  aHold,
  callOf,
  confirmRequested,
  holdRequested,
  noon,
  serviceRegistered,
  shelterDatabase,
} from './shelter-database.fixture.ts';

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
beforeAll(async () => {
  shelter = await shelterDatabase();
});
afterAll(() => shelter.drop());

const casesOf = async (key: string): Promise<string[]> =>
  (await shelter.published(key)).map((event) => event.$case);
const occupants = async (organisation: string): Promise<string[]> => {
  const { rows } = await shelter.database.query<{ hold_id: string }>(
    'SELECT hold_id FROM occupancy WHERE provider_id = $1 ORDER BY unit_id',
    [organisation],
  );
  return rows.map((row) => row.hold_id);
};

describe('the database itself', () => {
  it('refuses a bed with two holders, whatever the rules allowed, and nothing of it is stored', async () => {
    const { organisation, serviceId, siteId, unitIds } = await shelter.house(1);
    const [first, second] = [aHold(), aHold()];
    await shelter.receives(holdRequested(first, serviceId));
    const terms = {
      serviceId,
      unitKind: 'bed',
      places: 1,
      attributes: [],
      apartIds: [],
      group: 'women',
    };
    const mistake: ProviderEvent = {
      type: 'UnitsConfirmed',
      holdId: second,
      siteId,
      unitIds,
      terms,
    };
    const doubled = shelter.inTransaction((tx) =>
      changeProvider(tx, organisation, noon, systemAuthor, () => ({
        kind: 'accepted',
        events: [mistake],
      })),
    );
    await expect(doubled).rejects.toMatchObject({ code: '23505', table: 'occupancy' });
    expect(await casesOf(second)).toEqual([]);
    expect(await occupants(organisation)).toEqual([first]);
  });

  it('knows which hold has which bed, after a hold, a confirmation, a smaller party and a release', async () => {
    const { organisation, serviceId } = await shelter.house(3);
    const holdId = aHold();
    await shelter.receives(holdRequested(holdId, serviceId, { places: 3 }));
    expect(await occupants(organisation)).toEqual([holdId, holdId, holdId]);
    await shelter.receives(confirmRequested(holdId, serviceId, { places: 3 }));
    await shelter.receives({ $case: 'holdResized', value: { holdId, places: 2 } });
    expect(await occupants(organisation)).toEqual([holdId, holdId]);
    await shelter.receives({ $case: 'holdReleaseRequested', value: { holdId } });
    expect(await occupants(organisation)).toEqual([]);
    expect(await casesOf(holdId)).toEqual(['unitHeld', 'unitConfirmed', 'holdReleased']);
  });

  it('has a row for each number of a declared count, also for one above a count that became smaller', async () => {
    const { organisation, siteId, serviceId } = await shelter.house(0);
    const declares = (units: number) =>
      shelter.inTransaction((tx) =>
        sites.count(tx, shelter.pack, { siteId, units, occupiedByOthers: 0 }, callOf(organisation)),
      );
    await declares(2);
    const [first, second, third] = [aHold(), aHold(), aHold()];
    await shelter.receives(holdRequested(first, serviceId));
    await shelter.receives(holdRequested(second, serviceId));
    await shelter.receives({ $case: 'holdReleaseRequested', value: { holdId: first } });
    expect(await declares(1)).toEqual({ kind: 'answer', response: { free: 0 } });
    await shelter.receives(holdRequested(third, serviceId));
    expect(await casesOf(third)).toEqual(['holdRefused']);
    const { rows } = await shelter.database.query(
      'SELECT unit_id, hold_id FROM occupancy WHERE provider_id = $1',
      [organisation],
    );
    expect(rows).toEqual([{ unit_id: `${siteId}/2`, hold_id: second }]);
  });
});

describe('the answer to `referral`', () => {
  it('is a refusal for an unknown service, for the hold and for the confirmation', async () => {
    const [holdId, serviceId] = [aHold(), randomUUID()];
    await shelter.receives(holdRequested(holdId, serviceId));
    await shelter.receives(confirmRequested(holdId, serviceId));
    expect(await shelter.published(holdId)).toEqual([
      { $case: 'holdRefused', value: { holdId, code: 'not-possible-here' } },
      { $case: 'unitUnavailable', value: { holdId, code: 'not-possible-here' } },
    ]);
  });

  it('is that of the organisation that the directory names last, also within one slice', async () => {
    const { organisation, serviceId } = await shelter.house(2);
    const [before, after, next] = [aHold(), aHold(), randomUUID()];
    await shelter.receivesSlice([
      holdRequested(before, serviceId),
      serviceRegistered(serviceId, next),
      holdRequested(after, serviceId),
    ]);
    const { rows } = await shelter.database.query(
      `SELECT key, aggregate_id FROM journal WHERE key = ANY ($1) AND type ~ 'UnitHeld|HoldRefused' ORDER BY position`,
      [[before, after]],
    );
    expect(rows).toEqual([
      { key: before, aggregate_id: organisation },
      { key: after, aggregate_id: next },
    ]);
  });

  it('is the same for keep-apart as for a full house', async () => {
    const roomy = await shelter.house(2);
    const full = await shelter.house(1);
    const pair = randomUUID();
    await shelter.receives(holdRequested(aHold(), roomy.serviceId, { apartIds: [pair] }));
    await shelter.receives(holdRequested(aHold(), full.serviceId));
    const [apart, late] = [aHold(), aHold()];
    await shelter.receives(holdRequested(apart, roomy.serviceId, { apartIds: [pair] }));
    await shelter.receives(holdRequested(late, full.serviceId));
    const [[one], [other]] = [await shelter.published(apart), await shelter.published(late)];
    expect(one).toEqual({
      $case: 'holdRefused',
      value: { holdId: apart, code: 'not-possible-here' },
    });
    expect({ ...one, value: { ...one?.value, holdId: late } }).toEqual(other);
  });

  it('refuses a keep-apart pair at every site of the provider', async () => {
    const organisation = randomUUID();
    const [here, there] = [
      await shelter.house(1, organisation),
      await shelter.house(1, organisation),
    ];
    const pair = randomUUID();
    const asked = [here, there].map(({ serviceId }) => ({ holdId: aHold(), serviceId }));
    await Promise.all(
      asked.map(({ holdId, serviceId }) =>
        shelter.receives(holdRequested(holdId, serviceId, { apartIds: [pair] })),
      ),
    );
    const answers = await Promise.all(asked.map(({ holdId }) => casesOf(holdId)));
    expect(answers.flat().toSorted()).toEqual(['holdRefused', 'unitHeld']);
  });

  it('announces how many units are free, and which hold changed it', async () => {
    const { serviceId } = await shelter.house(2);
    const holdId = aHold();
    await shelter.receives(holdRequested(holdId, serviceId));
    const announced = (await shelter.published(serviceId)).map(
      (event) => event.$case === 'capacityChanged' && event.value,
    );
    expect(announced).toMatchObject([
      { free: 2, unitKind: 'bed', causedByHoldId: '' },
      { free: 1, causedByHoldId: holdId },
    ]);
  });
});

it('a hold is released at its expiry, by a timer row', async () => {
  const { organisation, serviceId } = await shelter.house(1);
  const holdId = aHold();
  await shelter.receives(holdRequested(holdId, serviceId));
  const { rows } = await shelter.database.query(
    'SELECT kind, due FROM timers WHERE aggregate_id = $1',
    [organisation],
  );
  expect(rows).toEqual([{ kind: 'hold', due: later(noon, hours(2)) }]);
  await shelter.inTransaction((tx) => onTimePasses(tx, organisation, later(noon, hours(2))));
  expect((await shelter.published(holdId)).at(-1)).toEqual({
    $case: 'holdReleased',
    value: { holdId, code: 'expired' },
  });
  expect(await occupants(organisation)).toEqual([]);
});
