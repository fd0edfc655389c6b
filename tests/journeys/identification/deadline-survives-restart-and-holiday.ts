import { call } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { eventually } from '../world.ts';
import { deadlineOf, referCase, statusOf } from './cases.ts';
import type { TestCountry } from './country.ts';

/**
 * The eve of a holiday on which the authority would work otherwise, and when the first step is due: counted by hand in the calendar of each country.
 * Samplia: not on 25 December, 1 and 6 January. Albion: not on 25 and 28 December, 1 January. The Islets: not on 25 May, nor on a Friday or Saturday.
 */
const EVES: Readonly<Record<string, { readonly eve: string; readonly due: string }>> = {
  xs: { eve: '2026-12-23T10:00:00+01:00', due: '2027-01-12T00:00:00+01:00' },
  xa: { eve: '2026-12-23T10:00:00+00:00', due: '2027-01-05T00:00:00+00:00' },
  xi: { eve: '2027-05-24T10:00:00+03:00', due: '2027-06-23T00:00:00+03:00' },
};

export function deadlineSurvivesRestartAndHoliday(country: () => TestCountry): void {
  it("falls due after the country's working days, also while the service was stopped, and escalates level by level", async () => {
    const { world, pack, client } = country();
    const [step] = pack.identification.steps;
    const { eve = '', due: counted = '' } = EVES[pack.country] ?? {};
    await world.advanceTime(Date.parse(eve) - world.now());
    const person = await referCase(country());
    const due =
      deadlineOf(await statusOf(country(), person), step?.code ?? '')?.due?.getTime() ?? 0;
    expect(new Date(due)).toEqual(new Date(counted));
    const waiting = async (role: { token: string }) => {
      const { identifications } = await call(
        client,
        'listIdentifications',
        { pageSize: 200, pageToken: '' },
        role,
      );
      return identifications.find((one) => one.processId === person.processId);
    };
    const { process } = world.platform.service('identification-intake');
    const responder = await world.responders.as('responder');
    await world.advanceTime(due - world.now() - hours(12));
    expect(await waiting(responder)).toMatchObject({
      dueSoon: true,
      overdue: false,
      escalatedTo: '',
    });
    await process.kill('SIGKILL');
    await world.advanceTime(due - world.now() + hours(1));
    await process.whenReady();
    const told = pack.identification.escalation.find(
      ({ ownerRole }) => ownerRole === 'coordinator',
    );
    const coordinator = await world.organisation(told?.organisationId).as('coordinator');
    await eventually(async () =>
      expect(await waiting(responder)).toMatchObject({
        overdue: true,
        dueSoon: false,
        waitsFor: 'authority',
        escalatedTo: 'competent-authority',
      }),
    );
    expect(await waiting(coordinator)).toBeUndefined();
    await world.advanceTime(hours(73));
    await eventually(async () =>
      expect(await waiting(coordinator)).toMatchObject({ escalatedTo: 'coordinator' }),
    );
  });
}
