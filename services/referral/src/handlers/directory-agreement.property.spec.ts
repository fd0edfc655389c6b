import { after, hours, type Instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasEnded } from '../domain/offer.ts';
import type { Declared } from '../domain/places/declared.ts';
import type { PlacesHold } from '../domain/places/hold.ts';
import type { Places } from '../domain/places/places.ts';
import { freeUnits } from '../domain/places/units.ts';
import type { Referral } from '../domain/referral.ts';
import { monday } from '../domain/saga.fixture.ts';
import { freeUnits as storedFreeUnits } from '../outbound/capacity-hints.ts';
import { places as placesStore } from '../outbound/places.ts';
import { referralDatabase } from '../outbound/referral-database.fixture.ts';
import {
  type Command,
  type DirectoryNeed,
  declarations,
  execute,
  histories,
  offerAbout,
} from './directory-commands.fixture.ts';
import {
  type DirectoryService,
  directoryService,
  requestOfDirectory,
} from './directory-provider.fixture.ts';
import { wakeAll } from './wake-all.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());

/** The database is real, so there are fewer histories than of a pure domain. */
const HISTORIES = Number(process.env.FC_RUNS ?? 100) / 10;
const MOST_REFERRALS = 5;

/** Services of the directory, and nothing else that a referral could ask. The second one is contracted. */
async function onlyServices(needCode: string, declared: readonly Declared[]) {
  await world.database.query(`UPDATE referral SET stage = 'ended', asked_count = NULL`);
  const services: DirectoryService[] = [];
  for (const one of declared) {
    const acceptance = services.length === 1 ? 'direct' : 'by-offer';
    services.push(await directoryService(world, needCode, one, acceptance));
  }
  await world.database.query(
    'UPDATE service SET accredited_until = $1 WHERE id = ANY ($2::uuid[])',
    [after(monday, hours(9_999)), services.map(({ serviceId }) => serviceId)],
  );
  return services;
}

/** Executes the commands. After each of them each referral and the places of all services are checked. */
async function replay(
  needCode: DirectoryNeed,
  declared: readonly Declared[],
  commands: readonly Command[],
): Promise<void> {
  const services = await onlyServices(needCode, declared);
  const ids: string[] = [];
  let now: Instant = monday;
  const request = async () => {
    const wanted = { at: now, needCode, members: 1 + (ids.length % 2) };
    ids.push(await world.inTransaction((tx) => requestOfDirectory(tx, wanted)));
  };
  await request();
  for (const command of commands) {
    now = after(now, hours(command.hoursBefore));
    if (command.action === 'request' && ids.length < MOST_REFERRALS) await request();
    const referral = await world.stateOf(ids[command.nthReferral % ids.length] ?? '');
    const offer = offerAbout(referral, command);
    const service = services.find(({ serviceId }) => serviceId === offer?.serviceId);
    if (offer && service) await execute(world, command, referral, service, offer.offerId, now);
    await wakeAll(world.database, now);
    await check(ids, services, now);
  }
}

async function check(
  ids: readonly string[],
  services: readonly DirectoryService[],
  now: Instant,
): Promise<void> {
  const all: Places[] = [];
  for (const { serviceId } of services)
    all.push((await placesStore.find(world.database, serviceId)) as Places);
  const holds = new Map(all.flatMap((one) => one.holds).map((hold) => [`${hold.holdId}`, hold]));
  for (const id of ids) {
    const referral = await world.stateOf(id);
    for (const offer of referral.offers) expectOneHold(referral, offer, holds.get(offer.offerId));
    expectOneStage(referral, holds);
  }
  // The free units of an appointment book also change by time.
  for (const one of all.filter(({ declared }) => declared.kind !== 'appointments'))
    expect(
      await world.inTransaction((tx) => storedFreeUnits(tx, one.serviceId)),
      'the reported free units',
    ).toBe(freeUnits(one, now));
}

function expectOneHold(
  { stage, party }: Referral,
  offer: Referral['offers'][number],
  hold: PlacesHold | undefined,
): void {
  expect(offer.status, 'an answer comes in the same transaction').not.toBe('holding');
  if (hold?.status === 'started') return;
  const isOfStage = 'offerId' in stage && stage.offerId === offer.offerId;
  if (hold)
    expect(hasEnded(offer), `an offer that is over (${offer.status}) keeps no hold`).toBe(false);
  if (hold) expect(offer.hasHold || isOfStage, 'a hold is that of an offer').toBe(true);
  if (hold) expect(hold.terms.places, 'a hold is for the party').toBe(party.length);
  if (!hold && stage.name !== 'started') expect(offer.hasHold, offer.status).toBe(false);
}

function expectOneStage({ stage }: Referral, holds: ReadonlyMap<string, PlacesHold>): void {
  expect(stage.name, 'an answer comes in the same transaction').not.toBe('confirming');
  if (!('offerId' in stage) || stage.name === 'started') return;
  const hold = holds.get(stage.offerId);
  expect(hold?.status, `the hold of a referral that is ${stage.name}`).toBe('confirmed');
  if (hold?.status !== 'confirmed') return;
  expect(hold.awaited !== undefined, 'delivery is awaited').toBe(stage.name === 'agreed');
  expect(hold.appointment).toBe(stage.name === 'appointment' ? stage.at : undefined);
}

it.each(Object.keys(declarations) as DirectoryNeed[])(
  'after any commands the referrals for %s and the places of their services agree',
  (needCode) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(declarations[needCode], { minLength: 1, maxLength: 3 }),
        histories,
        (declared, commands) => replay(needCode, declared, commands),
      ),
      { numRuns: HISTORIES, endOnFailure: true },
    ),
);
