import { randomUUID } from 'node:crypto';
import { asAdmin } from '@opennrm/infra/local';
import { refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request } from '../journeys/person.ts';
import { eventually, readReferral, type World } from '../journeys/world.ts';

/** More than two replicas have connections to their database: twelve for each. */
const POISONED = 24;

/** How many transactions of a service have begun and have not ended. */
function openTransactions(world: World): Promise<number> {
  const { postgres, service } = world.platform;
  const database = new URL(service('referral').ownerUrl).pathname.slice(1);
  const sql = `SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE 'referral %'
    AND xact_start IS NOT NULL`;
  return asAdmin(
    postgres.adminUrl,
    async (admin) => (await admin.query(sql, [database])).rows[0].open,
  );
}

export function twelvePoisonedRequests(world: () => World): void {
  it('refuses parties that name one person in two spellings, twelve for each replica, and answers everybody else', async () => {
    const poisoned = Array.from({ length: POISONED }, () => {
      const reference = randomUUID();
      return request(world(), {
        party: 2,
        caseReferences: [reference, reference.toUpperCase()],
      }).then(
        () => 'taken',
        (error: unknown) => refusalOf(error) ?? 'not answered',
      );
    });
    const others = await Promise.all(Array.from({ length: POISONED }, () => request(world())));
    for (const { referralId } of others)
      expect(await readReferral(world(), referralId)).toMatchObject({ referralId });
    expect(await Promise.all(poisoned)).toEqual(
      Array.from({ length: POISONED }, () => 'duplicate-member'),
    );
    await eventually(async () => expect(await openTransactions(world())).toBe(0));
  });
}
