import { endOf } from '@opennrm/country';
import { call } from '@opennrm/runtime';
import { hours, instant } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { eventually } from '../world.ts';
import { type Country, clockOf, referred, standing } from './country.ts';

export function clockSurvivesRestartAndHoliday(country: () => Country): void {
  it('is due after the working days of the country, says so while the service was killed, and tells ever higher', async () => {
    const { world, pack, client } = country();
    const [step] = pack.identification.steps;
    const calendar = pack.calendars.find(({ code }) => code === pack.identification.calendar);
    if (!calendar || !step) throw new Error('a pack without calendar or step');
    const submitted = instant(world.now());
    const person = await referred(country());
    const due = clockOf(await standing(country(), person), step.code)?.due?.getTime() ?? 0;
    expect(due).toBe(endOf(calendar, step.term, submitted).due);
    const { process } = world.platform.services['identification-intake'];
    await process.kill('SIGKILL');
    await world.pass(due - world.now() + hours(1));
    await process.whenReady();
    const told = pack.identification.escalation.find(({ ownerRole }) => ownerRole === 'coordinator');
    const coordinator = await world.organisation(told?.organisationId).as('coordinator');
    const waiting = async (role: { token: string }) => {
      const { identifications } = await call(client, 'listIdentifications', { pageSize: 200, pageToken: '' }, role);
      return identifications.find((one) => one.processId === person.processId);
    };
    const responder = await world.responders.as('responder');
    await eventually(async () =>
      expect(await waiting(responder)).toMatchObject({
        ...{ overdue: true, waitsFor: 'authority', escalatedTo: 'competent-authority' },
      }),
    );
    expect(await waiting(coordinator)).toBeUndefined();
    await world.pass(hours(73));
    await eventually(async () => expect(await waiting(coordinator)).toMatchObject({ escalatedTo: 'coordinator' }));
  });
}
