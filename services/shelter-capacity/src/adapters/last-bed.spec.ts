import { afterAll, beforeAll, expect, it } from 'vitest';
import { aHold, holdRequested, shelterDatabase } from './shelter-database.fixture.ts';

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
beforeAll(async () => {
  shelter = await shelterDatabase(32);
});
afterAll(() => shelter.drop());

const [ASKED, ROUNDS] = [1_000, 20];

it(`gives the last bed to one of ${ASKED} who ask at the same moment, ${ROUNDS} times`, {
  timeout: 240_000,
}, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { organisation, serviceId, unitIds } = await shelter.house(1);
    const holds = Array.from({ length: ASKED }, aHold);
    await Promise.all(holds.map((holdId) => shelter.hears(holdRequested(holdId, serviceId))));
    const { rows: said } = await shelter.database.query(
      `SELECT type, count(*)::int AS times, count(DISTINCT key)::int AS holds FROM journal
       WHERE aggregate_id = $1 AND topic IS NOT NULL AND type ~ 'BedHeld|HoldRefused' GROUP BY type ORDER BY type`,
      [organisation],
    );
    expect(said).toEqual([
      { type: 'opennrm.shelter_capacity.v1.BedHeld', times: 1, holds: 1 },
      { type: 'opennrm.shelter_capacity.v1.HoldRefused', times: ASKED - 1, holds: ASKED - 1 },
    ]);
    const { rows: occupied } = await shelter.database.query('SELECT unit_id FROM occupancy WHERE provider_id = $1', [
      organisation,
    ]);
    expect(occupied).toEqual([{ unit_id: unitIds[0] }]);
  }
});
