import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { OpenPlatform } from './open-platform.ts';
import { parked } from './parked.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('messaging');
});
afterAll(() => test.drop());

it('the command `parked` prints how many messages are parked, also where it lists only the first of them', async () => {
  await test.database.query(
    `INSERT INTO parked (topic, partition, offset_in_partition, key, epoch, sequence, headers, reason)
     SELECT 'opennrm.a.b.v1', 0, n, 'key', 1, n, '{}', 'gap-waiting' FROM generate_series(1, 10000) AS n`,
  );
  const lines: string[] = [];
  const printed = vi
    .spyOn(console, 'log')
    .mockImplementation((line: string) => void lines.push(line));
  const platform = { services: new Map([['b', test.database]]), service: () => test.database };
  const options = {
    subjects: [],
    skip: false,
    yes: false,
    help: false,
    platform: '',
    person: 'nobody',
  };
  await parked.run(platform as unknown as OpenPlatform, options);
  printed.mockRestore();
  expect(lines).toHaveLength(201);
  expect(lines.at(-1)).toMatch(/^10000 parked, the first 200 of each service are shown/);
});
