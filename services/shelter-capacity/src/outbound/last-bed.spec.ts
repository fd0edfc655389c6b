import { afterAll, beforeAll, expect, it } from 'vitest';
import { aHold, holdRequested, shelterDatabase } from './shelter-database.fixture.ts';

const CONNECTIONS = 32;
const ASKED = 1_000;
const ROUNDS = 2;

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
beforeAll(async () => {
  shelter = await shelterDatabase(CONNECTIONS);
});
afterAll(() => shelter.drop());

it(`the last bed is given to one of ${ASKED} requests through ${CONNECTIONS} connections, ${ROUNDS} times`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { organisation, serviceId, unitIds } = await shelter.house(1);
    const holds = Array.from({ length: ASKED }, aHold);
    const queue = [...holds];
    // As many at the same moment as there are connections, so that no request waits for a connection.
    const asking = async (): Promise<void> => {
      for (let holdId = queue.pop(); holdId; holdId = queue.pop())
        await shelter.receives(holdRequested(holdId, serviceId));
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, asking));
    const { rows: answers } = await shelter.database.query(
      `SELECT type, count(*)::int AS times, count(DISTINCT key)::int AS holds FROM journal
       WHERE aggregate_id = $1 AND topic IS NOT NULL AND type ~ 'BedHeld|HoldRefused' GROUP BY type ORDER BY type`,
      [organisation],
    );
    expect(answers).toEqual([
      { type: 'opennrm.shelter_capacity.v1.BedHeld', times: 1, holds: 1 },
      { type: 'opennrm.shelter_capacity.v1.HoldRefused', times: ASKED - 1, holds: ASKED - 1 },
    ]);
    const { rows: occupied } = await shelter.database.query(
      'SELECT unit_id FROM occupancy WHERE provider_id = $1',
      [organisation],
    );
    expect(occupied).toEqual([{ unit_id: unitIds[0] }]);
  }
});
