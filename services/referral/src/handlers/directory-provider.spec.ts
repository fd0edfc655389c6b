import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import { directoryService } from './directory-provider.fixture.ts';
import { book, directorySpecs, inHours } from './directory-specs.fixture.ts';
import { onHoldReview } from './on-hold-review.ts';
import { onVaultEvent } from './on-vault-event.ts';
import * as places from './places.ts';
import { wakeAll } from './wake-all.fixture.ts';

const { world, ask, stageOf, placesOf, agreed } = directorySpecs();

const metaOf = (key: string) => ({
  id: randomUUID(),
  key,
  sequence: 1,
  epoch: 1,
  at: monday,
  now: monday,
});

it('a referral to a service of the directory goes from the request to its end in the transactions of its commands', async () => {
  const service = await directoryService(world(), 'medical-care', book(2, 4));
  const referralId = await ask();
  const holdId = await agreed(referralId, service);
  await world().inTransaction((tx) =>
    places.changeHold(tx, pack, holdId, service.callAt(monday), places.agree(inHours(2))),
  );
  expect(await stageOf(referralId)).toBe('appointment');
  await world().passDeadlines(referralId, inHours(3));
  expect(await stageOf(referralId)).toBe('agreed');
  expect((await placesOf(service)).holds[0]).toMatchObject({ awaited: { isReminder: false } });
  await world().inTransaction((tx) =>
    places.changeHold(tx, pack, holdId, service.callAt(inHours(3)), places.agree(inHours(4))),
  );
  await world().inTransaction((tx) =>
    places.changeHold(tx, pack, holdId, service.callAt(inHours(4)), places.keep),
  );
  expect(await stageOf(referralId)).toBe('started');
  const end = pack.endOfServiceCodes[0]?.code ?? '';
  await world().inTransaction((tx) =>
    places.changeHold(tx, pack, holdId, service.callAt(inHours(5)), places.end(end)),
  );
  expect((await placesOf(service)).holds).toEqual([]);
});

it('new times of a service without any wake a referral that waits for it', async () => {
  const service = await directoryService(world(), 'medical-care', book());
  const referralId = await ask();
  expect(await stageOf(referralId)).toBe('unplaced');
  await service.declare(book(30));
  await wakeAll(world().database, monday);
  expect(await stageOf(referralId)).toBe('searching');
});

it('a pair to be kept apart at a service of the directory is reviewed in both referrals', async () => {
  await directoryService(world(), 'material-help', { kind: 'count', places: 2 });
  const under = [randomUUID(), randomUUID()];
  const ids: string[] = [];
  for (const one of under) ids.push(await ask({ needCode: 'material-help', under: one }));
  const apartId = randomUUID();
  for (const one of under)
    await world().inTransaction((tx) =>
      onVaultEvent(tx, pack, metaOf(one), one, (known) => ({ ...known, apartIds: [apartId] })),
    );
  const { rows } = await world().database.query<{ id: string }>('SELECT id FROM hold_review');
  expect(rows).toHaveLength(1);
  for (const { id } of rows) {
    await world().inTransaction((tx) => onHoldReview(pack)(tx, id, monday));
    await world().inTransaction((tx) => onHoldReview(pack)(tx, id, monday));
  }
  for (const id of ids) {
    const { alerts } = await world().stateOf(id);
    expect(alerts.filter(({ code }) => code === 'hold-needs-review')).toHaveLength(1);
  }
});
