import type { Instant } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import {
  type DatabaseReader,
  neverDoubled,
  nothingLeftOver,
} from '../../../../infra/promises/index.ts';
import type { Declared } from '../domain/places/declared.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { places as placesStore } from '../outbound/places.ts';
import { callOf } from '../outbound/referral-database.fixture.ts';
import { directoryService, requestOfDirectory } from './directory-provider.fixture.ts';
import { directorySpecs, inHours } from './directory-specs.fixture.ts';
import * as places from './places.ts';
import { withdraw } from './requests.ts';
import { wakeAll } from './wake-all.fixture.ts';

const { world, stageOf, agreed } = directorySpecs();

const slot = (n: number, size: number) => ({ start: inHours(n), places: size });
const ofSlots = (...slots: readonly ReturnType<typeof slot>[]): Declared => ({
  kind: 'appointments',
  slots,
});
const holdsAt = async (serviceId: string) =>
  (await placesStore.find(world().database, serviceId))?.holds.map(({ status }) => status);
const ownWish = { memberId: undefined, code: 'own-wish' };
const firstOffer = async (referralId: string): Promise<string> =>
  (await world().stateOf(referralId)).offers[0]?.offerId ?? '';

it('a party for which no time had enough places is offered one that has, although the sum of free places is the same', async () => {
  const service = await directoryService(
    world(),
    'medical-care',
    ofSlots(slot(30, 1), slot(31, 1)),
  );
  const referralId = await world().inTransaction((tx) => requestOfDirectory(tx, { members: 2 }));
  expect(await stageOf(referralId)).toBe('unplaced');
  await service.declare(ofSlots(slot(30, 2)), inHours(1));
  await wakeAll(world().database, inHours(1));
  // The first check, and the next one six hours later.
  await world().passDeadlines(referralId, inHours(2));
  await world().passDeadlines(referralId, inHours(9));
  const times = (await world().stateOf(referralId)).offers.map(({ madeAt }) => madeAt);
  expect(times.filter((one) => one !== undefined)).not.toEqual([]);
});

it('a report of a visit that is repeated after the end of the service takes no unit again, also where the referral was withdrawn before the visit', async () => {
  const service = await directoryService(world(), 'material-help', { kind: 'count', places: 1 });
  const call = callOf(monday);
  const referralId = await world().inTransaction((tx) =>
    requestOfDirectory(tx, { needCode: 'material-help', call }),
  );
  const holdId = await firstOffer(referralId);
  await world().inTransaction((tx) => withdraw(tx, pack, referralId, ownWish, call));
  const keep = (at: Instant) =>
    world().inTransaction((tx) =>
      places.changeHold(tx, pack, holdId, service.callAt(at), places.keep),
    );
  await keep(inHours(1));
  expect(await holdsAt(service.serviceId)).toEqual(['started']);
  const end = pack.endOfServiceCodes[0]?.code ?? '';
  await world().inTransaction((tx) =>
    places.changeHold(tx, pack, holdId, service.callAt(inHours(2)), places.end(end)),
  );
  await keep(inHours(3));
  expect(await holdsAt(service.serviceId)).toEqual([]);
});

it('a worker who took up a case is recorded also after the deadline, as a late visit or arrival is', async () => {
  const service = await directoryService(world(), 'psychosocial-support', {
    kind: 'caseload',
    limit: 3,
    limitOfWorker: undefined,
  });
  const referralId = await world().inTransaction((tx) =>
    requestOfDirectory(tx, { needCode: 'psychosocial-support' }),
  );
  const holdId = await agreed(referralId, service);
  await world().passDeadlines(referralId, inHours(5));
  expect(await stageOf(referralId)).toBe('unplaced');
  const call = service.callAt(inHours(5));
  const given = await world().inTransaction((tx) =>
    places.changeHold(tx, pack, holdId, call, places.assign(call.actor.person)),
  );
  expect(given).toMatchObject({ kind: 'answer' });
  expect(await stageOf(referralId)).toBe('started');
});

it('the promises name a place of the directory that is held for an offer that has ended, while its referral still searches', async () => {
  const { serviceId } = await directoryService(world(), 'medical-care', ofSlots(slot(40, 1)));
  const referralId = await world().inTransaction((tx) => requestOfDirectory(tx));
  const holdId = await firstOffer(referralId);
  // A release that was lost: nothing at the service ends such a hold by time.
  await world().database.query(
    `UPDATE referral SET state = jsonb_set(jsonb_set(state, '{offers,0,status}', '"declined"'), '{offers,0,hasHold}', 'false') WHERE id = $1`,
    [referralId],
  );
  await world().database.query(`UPDATE offer SET status = 'declined' WHERE offer_id = $1`, [
    holdId,
  ]);
  expect(await holdsAt(serviceId)).toEqual(['held']);
  const reader: DatabaseReader = {
    services: ['referral'],
    rows: async (name, sql) =>
      (name === 'referral' ? (await world().database.query(sql)).rows : []) as never[],
    now: () => monday,
  };
  const findings = [...(await nothingLeftOver(reader)), ...(await neverDoubled(reader))];
  const violations = findings.flatMap((one) => [...one.violations]);
  expect(violations.filter((one) => one.includes(holdId))).not.toEqual([]);
});
