import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { asAdmin } from '@opennrm/infra/local';
import { systemAuthor } from '@opennrm/messaging';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accredit, registerService, suspend } from '../domain/directory.ts';
import { monday, service } from '../domain/saga.fixture.ts';
import { announceServices } from './announced.ts';
import { directory } from './directory.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('referral');
});
afterAll(() => test.drop());

const context = { at: monday, author: systemAuthor };
const inTransaction: TestDatabase['database']['transaction'] = (work) =>
  test.database.transaction(work);

async function registered() {
  const {
    hint: _hint,
    openOffers: _open,
    unansweredLately: _late,
    accreditedUntil: _until,
    ...entry
  } = service('by-offer', {
    serviceId: randomUUID() as never,
    organisationId: randomUUID() as never,
  });
  await inTransaction(async (tx) => {
    await tx.query(
      `INSERT INTO organisation (id, kind, registered_by) VALUES ($1, 'private', $1)`,
      [entry.organisationId],
    );
    await directory.create(tx, entry.serviceId, registerService(entry, monday), context);
  });
  return entry;
}

/** The messages on the stream of a service to the provider services, in order. */
async function messagesOn(serviceId: string) {
  const { name, decode } = topics.referralForShelterCapacity;
  const { rows } = await test.database.query<{ value: Buffer }>(
    'SELECT value FROM journal WHERE topic = $1 AND key = $2 ORDER BY sequence',
    [name, serviceId],
  );
  return rows.flatMap(({ value }) => decode(value) ?? []);
}

const asOwner = (sql: string) => asAdmin(test.ownerUrl, (owner) => owner.query(sql));

it('the stream of a new service first names its organisation, and then its accreditation', async () => {
  const { serviceId, organisationId } = await registered();
  await inTransaction((tx) =>
    directory.change(tx, serviceId, context, (entry) =>
      accredit(entry, (monday + 1) as never, monday),
    ),
  );
  expect(await messagesOn(serviceId)).toEqual([
    { $case: 'serviceRegistered', value: { serviceId, organisationId } },
    { $case: 'serviceReinstated', value: { serviceId } },
  ]);
});

it('each service older than the announcements is announced once, with its suspension, also by two processes at the same moment', async () => {
  const [accredited, suspended] = [await registered(), await registered()];
  await inTransaction((tx) =>
    directory.change(tx, suspended.serviceId, context, (one) =>
      accredit(one, (monday + 1) as never, monday),
    ),
  );
  await inTransaction((tx) =>
    directory.change(tx, suspended.serviceId, context, (one) =>
      suspend(one, 'own-request', monday),
    ),
  );
  expect(await announceServices(test.database, monday)).toBe(0);
  await asOwner('UPDATE service SET announced = false');
  const before = (await messagesOn(suspended.serviceId)).length;
  const counts = await Promise.all([
    announceServices(test.database, monday),
    announceServices(test.database, monday),
  ]);
  expect(counts.reduce((sum, one) => sum + one)).toBeGreaterThanOrEqual(2);
  expect(await announceServices(test.database, monday)).toBe(0);
  expect((await messagesOn(accredited.serviceId)).map((one) => one.$case)).toEqual([
    'serviceRegistered',
    'serviceRegistered',
  ]);
  expect((await messagesOn(suspended.serviceId)).slice(before)).toEqual([
    {
      $case: 'serviceRegistered',
      value: { serviceId: suspended.serviceId, organisationId: suspended.organisationId },
    },
    { $case: 'serviceSuspended', value: { serviceId: suspended.serviceId } },
  ]);
});
