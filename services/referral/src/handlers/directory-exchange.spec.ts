import { randomUUID } from 'node:crypto';
import { after, days, hours, type Instant, minutes } from '@opennrm/runtime/decision';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import type { Asked } from '../outbound/referral-database.fixture.ts';
import { callOf } from '../outbound/referral-database.fixture.ts';
import { suspendService } from './directory.ts';
import { type DirectoryWorld, directoryWorld, holdsOf } from './directory-world.fixture.ts';
import { onHoldReview } from './on-hold-review.ts';
import { onServiceAvailable } from './on-service-available.ts';
import { onVaultEvent } from './on-vault-event.ts';
import * as calls from './places.ts';
import { withdraw } from './requests.ts';

const doctors = 'medical-care';
const centres = 'psychosocial-support';
const caseload = (limit: number) =>
  ({ kind: 'caseload', limit, limitOfWorker: undefined }) as const;
const inHours = (n: number): Instant => after(monday, hours(n));

let world: DirectoryWorld;
beforeEach(async () => {
  world = await directoryWorld();
});
afterEach(() => world.drop());

const request = (needCode: string, members = 1): Promise<Asked> =>
  world.requestEmergency(monday, members, { needCode });
const stagesOf = async (asked: readonly Asked[]): Promise<string[]> =>
  Promise.all(asked.map(async ({ referralId }) => (await world.stateOf(referralId)).stage.name));
const withdrawn = ({ referralId, call }: Asked) =>
  world.inTransaction((tx) =>
    withdraw(
      tx,
      pack,
      referralId,
      { memberId: undefined, code: 'own-wish' },
      { ...call, at: after(monday, minutes(1)) },
    ),
  );
/** The timers of the signals that units are free, as the service fires them. */
async function fireSignals(): Promise<void> {
  for (;;) {
    const { rows } = await world.database.query<{ id: string }>(
      'SELECT id FROM availability_signal ORDER BY id LIMIT 1',
    );
    const [signal] = rows;
    if (!signal) return;
    await world.inTransaction((tx) => onServiceAvailable(pack)(tx, signal.id, inHours(1)));
  }
}

/** The vault announces a pair to be kept apart, for the person of this referral. */
async function keepApart({ referralId }: Asked, apartId: string): Promise<void> {
  const [member] = (await world.stateOf(referralId)).party;
  const reference = member?.caseReference ?? '';
  const meta = { id: randomUUID(), key: reference, sequence: 1, epoch: 1, at: monday, now: monday };
  await world.inTransaction((tx) =>
    onVaultEvent(tx, pack, meta, reference, (known) => ({ ...known, apartIds: [apartId] })),
  );
}

describe('a need that the directory provides', () => {
  it('is held, offered, confirmed and released in the transaction of each call, and nothing about it is sent to a shelter', async () => {
    const services = await world.setServices(1, centres, caseload(1));
    const asked = await request(centres);
    expect(await world.openOffer(asked)).toMatchObject({ status: 'open', hasHold: true });
    const { holdId } = await world.agree(asked);
    expect(await stagesOf([asked])).toEqual(['agreed']);
    const { rows } = await world.database.query('SELECT 1 FROM journal WHERE key = $1', [holdId]);
    expect(rows).toEqual([]);
    await withdrawn(asked);
    const state = await world.stateOf(asked.referralId);
    expect(await holdsOf(world, services, [state])).toEqual({ kept: [], believed: [] });
  });

  it('is not asked of a service that has declared nothing', async () => {
    await world.setShelters(1, centres);
    expect(await stagesOf([await request(centres)])).toEqual(['unplaced']);
  });

  it('goes to one of many that ask for the last place at the same moment, and to the next when it is free again', async () => {
    const services = await world.setServices(1, centres, caseload(1));
    const asked = await Promise.all(Array.from({ length: 8 }, () => request(centres)));
    const stages = await stagesOf(asked);
    expect(stages.toSorted()).toEqual(['searching', ...Array<string>(7).fill('unplaced')]);
    const first = asked[stages.indexOf('searching')] as Asked;
    await withdrawn(first);
    await fireSignals();
    const states = await Promise.all(asked.map(({ referralId }) => world.stateOf(referralId)));
    const { kept, believed } = await holdsOf(world, services, states);
    expect(kept).toHaveLength(1);
    expect(believed).toEqual(kept);
  });

  it('never makes two searches wait for each other, which ask the same services in opposite orders', async () => {
    const regions = ['harbour', 'south-coast'];
    const services = await world.setServices(2, centres, caseload(1), regions);
    // Each asks the service of the wished region first. Both rows are locked until both requests wait.
    const asked = await world.inTransaction(async (tx) => {
      await tx.query('SELECT 1 FROM places FOR UPDATE');
      const requests = regions.map((region) =>
        world.requestEmergency(monday, 1, { needCode: centres, wishedRegions: [region] }),
      );
      await vi.waitFor(async () =>
        expect((await tx.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rowCount).toBe(2),
      );
      return { requests };
    });
    const found = await Promise.all(asked.requests);
    const states = await Promise.all(found.map(({ referralId }) => world.stateOf(referralId)));
    const { kept, believed } = await holdsOf(world, services, states);
    expect(believed).toEqual(kept);
    expect(kept).toHaveLength(2);
  });

  it('is kept by no service that was suspended, and by no referral that was withdrawn', async () => {
    const services = await world.setServices(4, centres, caseload(1));
    const asked = await Promise.all(Array.from({ length: 12 }, () => request(centres)));
    const [first, second] = services;
    const suspended = [first, second].map(({ serviceId = '' } = {} as never) =>
      world.inTransaction((tx) =>
        suspendService(tx, pack, serviceId, 'own-request', callOf(monday, 'accreditor')),
      ),
    );
    await Promise.all([...asked.slice(0, 6).map(withdrawn), ...suspended]);
    await fireSignals();
    const states = await Promise.all(asked.map(({ referralId }) => world.stateOf(referralId)));
    const { kept, believed } = await holdsOf(world, services, states);
    expect(believed).toEqual(kept);
    expect(kept).toHaveLength(2);
    expect(await world.placesOf(first as never)).toMatchObject({ holds: [] });
  });

  it('waits for an appointment again where nobody recorded it in time, and the visit still counts', async () => {
    const [first] = await world.setServices(1, doctors, {
      kind: 'appointments',
      slots: [2, 30].map((n) => ({ start: inHours(n), places: 1 })),
    });
    if (!first) throw new Error('no service');
    const asked = await request(doctors);
    const { holdId, staff } = await world.agree(asked);
    await world.inTransaction((tx) =>
      calls.changeHold(tx, pack, holdId, staff, calls.agree(inHours(2))),
    );
    await world.passDeadlines(asked.referralId, inHours(3));
    expect(await stagesOf([asked])).toEqual(['agreed']);
    const [hold] = (await world.placesOf(first)).holds;
    expect(hold).toMatchObject({ status: 'confirmed', awaited: { isReminder: false } });
    const late = { ...staff, at: inHours(4) };
    const again = await world.inTransaction((tx) =>
      calls.changeHold(tx, pack, holdId, late, calls.agree(inHours(30))),
    );
    expect(again).toMatchObject({ kind: 'answer', response: { state: 'appointment' } });
    await world.inTransaction((tx) => calls.changeHold(tx, pack, holdId, late, calls.keep));
    expect(await stagesOf([asked])).toEqual(['started']);
  });

  it('changes nothing where the call is refused: neither the referral nor the places', async () => {
    const [first] = await world.setServices(1, doctors, {
      kind: 'appointments',
      slots: [{ start: inHours(2), places: 1 }],
    });
    if (!first) throw new Error('no service');
    const asked = await request(doctors);
    const { offerId: holdId } = await world.openOffer(asked);
    const staff = world.staffOf(first);
    const before = await world.contents();
    const refusals: unknown[] = [];
    for (const at of [inHours(2), inHours(-1), after(monday, days(400))])
      refusals.push(
        await world.inTransaction((tx) =>
          calls.changeHold(tx, pack, holdId, staff, calls.agree(at)),
        ),
      );
    expect(refusals).toMatchObject([
      { refusal: 'not-confirmed', field: 'hold_id' },
      { refusal: 'not-confirmed', field: 'hold_id' },
      { refusal: 'too-far-ahead', field: 'at' },
    ]);
    expect(await world.contents()).toEqual(before);
  });

  it('alerts both referrals where people to be kept apart have holds at one service', async () => {
    const services = await world.setServices(1, centres, caseload(2));
    const [one, other] = [await request(centres), await request(centres)];
    const pair = '00000000-0000-4000-8000-0000000000aa';
    for (const asked of [one, other]) await keepApart(asked, pair);
    const { rows } = await world.database.query<{ id: string }>('SELECT id FROM hold_review');
    for (const { id } of rows)
      await world.inTransaction((tx) => onHoldReview(pack)(tx, id, inHours(1)));
    for (const { referralId } of [one, other]) {
      const { alerts } = await world.stateOf(referralId);
      expect(alerts.map(({ code }) => code)).toContain('hold-needs-review');
    }
    expect(await world.placesOf(services[0] as never)).toMatchObject({ holds: [{}, {}] });
  });
});
