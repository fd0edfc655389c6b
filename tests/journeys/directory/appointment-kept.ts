import { call, refusalOf } from '@opennrm/runtime';
import { hours, minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { rows } from '../state.ts';
import { eventsOf, eventually, readReferral, type World } from '../world.ts';
import { bookOf, openService, placesOf, untilAgreed } from './declared.ts';

export function appointmentKept(world: () => World): void {
  it('a person who needs a doctor is asked, an appointment is agreed and kept, and the relation begins and ends with the service', async () => {
    const [early, late] = [world().now() + hours(2), world().now() + hours(30)];
    const doctor = await openService(world(), 'medical-care', bookOf(early, late));
    const staff = await doctor.as('provider-staff');
    const { referralId, holdId } = await untilAgreed(world(), doctor, { need: 'medical-care' });
    const { holds } = await placesOf(world(), doctor);
    expect(holds).toMatchObject([{ holdId, status: 'confirmed', isReminded: false }]);
    expect(holds[0]?.actBy?.getTime()).toBeGreaterThan(world().now());

    const agree = (at: number) =>
      call(world().places, 'agreeAppointment', { holdId, at: new Date(at) }, staff);
    const refused = async (at: number) =>
      refusalOf(await agree(at).catch((error: unknown) => error));
    expect(await refused(world().now() - minutes(1))).toBe('appointment-in-the-past');
    expect(await refused(late + minutes(7))).toBe('no-such-slot');
    expect(await agree(late)).toEqual({ state: 'appointment' });
    expect((await placesOf(world(), doctor)).free).toBe(1);

    await world().advanceTime(hours(30));
    expect(await call(world().places, 'recordKept', { holdId }, staff)).toEqual({
      state: 'started',
    });
    const started = await readReferral(world(), referralId);
    expect(eventsOf(started)).toEqual(
      expect.arrayContaining([
        'UnitConfirmed',
        'PersonAgreed',
        'AppointmentAgreed',
        'ServiceStarted',
      ]),
    );
    await relationIs(world(), holdId, true);
    await call(world().places, 'endService', { holdId, code: 'completed' }, staff);
    expect((await placesOf(world(), doctor)).holds).toEqual([]);
    await relationIs(world(), holdId, false);
  });
}

/** Whether the vault knows a relation for the hold. */
async function relationIs(world: World, holdId: string, exists: boolean): Promise<void> {
  await eventually(async () => {
    const found = await rows(
      world,
      'case-vault',
      'SELECT 1 FROM relation WHERE hold_id = $1 AND ended_at IS NULL',
      [holdId],
    );
    expect(found.length > 0).toBe(exists);
  });
}
