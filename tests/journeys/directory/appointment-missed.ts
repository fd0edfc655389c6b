import { call, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import {
  eventsOf,
  eventually,
  readReferral,
  untilOffered,
  untilState,
  type World,
} from '../world.ts';
import { acceptAndAgree, bookOf, openService, untilAgreed } from './declared.ts';

export function appointmentMissed(world: () => World): void {
  it('a missed appointment is followed by another one with the same doctor; where that doctor agrees none, the next doctor is asked', async () => {
    const start = world().now();
    const book = (...from: number[]) => bookOf(...from.map((n) => start + hours(n)));
    const doctor = await openService(world(), 'medical-care', book(3, 20, 40));
    const staff = await doctor.as('provider-staff');
    const { referralId, holdId, members } = await untilAgreed(world(), doctor, {
      need: 'medical-care',
    });
    const agree = (n: number) =>
      call(world().places, 'agreeAppointment', { holdId, at: new Date(start + hours(n)) }, staff);
    await agree(3);
    await world().advanceTime(hours(3));
    const missed = { holdId, code: 'no-transport' };
    expect(await call(world().places, 'recordMissed', missed, staff)).toEqual({ state: 'agreed' });
    const again = call(world().places, 'recordMissed', missed, staff);
    expect(refusalOf(await again.catch((error: unknown) => error))).toBe('no-appointment');
    expect(await openAlerts(world(), referralId)).toContain('appointment-missed');
    await agree(20);
    expect(await openAlerts(world(), referralId)).not.toContain('appointment-missed');

    const next = await openService(world(), 'medical-care', book(40));
    // The time passes, nobody records the appointment, and the coordinator decides: another doctor.
    await world().advanceTime(hours(18));
    await eventually(async () =>
      expect(await openAlerts(world(), referralId)).toContain('appointments-missed'),
    );
    const anew = {
      referralId,
      action: 'restart-search',
      code: 'wish-of-the-person',
      serviceId: '',
    };
    await call(world().referral, 'override', anew, await world().coordinators.as('coordinator'));
    await untilOffered(world(), next);
    const other = await acceptAndAgree(world(), next, { referralId, members });
    await world().advanceTime(hours(4));
    const left = await untilState(world(), referralId, 'unplaced');
    expect(eventsOf(left)).toContain('DeliveryNotArranged');
    expect(await openAlerts(world(), referralId)).toContain('appointment-not-agreed');
    // The person came all the same.
    await call(world().places, 'recordKept', { holdId: other }, await next.as('provider-staff'));
    expect((await readReferral(world(), referralId)).state).toBe('started');
  });
}

async function openAlerts(world: World, referralId: string): Promise<string[]> {
  const page = { pageSize: 200, pageToken: '', includeResolved: false };
  const coordinator = await world.coordinators.as('coordinator');
  const { alerts } = await call(world.referral, 'listAlerts', page, coordinator);
  return alerts.filter((one) => one.referralId === referralId).map(({ code }) => code);
}
