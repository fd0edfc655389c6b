import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import { Pause } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { leftOf } from '@opennrm/country';
import { call, refusalOf } from '@opennrm/runtime';
import { hours, instant } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { type Country, clockOf, decided, referred, standing } from './country.ts';

export function pausedForInformation(country: () => Country): void {
  it('stands still for ten weeks, goes on with what was left, and is decided in time', async () => {
    const { client, world, authority, pack } = country();
    const person = await referred(country());
    const { processId } = person;
    const [step] = pack.identification.steps;
    const officer = await authority.as('competent-authority');
    await world.pass(hours(48));
    const holding = { processId, pause: Pause.INFORMATION, ground: 'information-missing' };
    const paused = await call(client, 'pauseIdentification', holding, officer);
    const left = clockOf(paused.standing, step?.code ?? '')?.left;
    expect(paused.standing?.stage).toBe('information-requested');
    await world.pass(hours(24 * 70));
    expect(clockOf(await standing(country(), person), step?.code ?? '')).toMatchObject({ state: 'paused', left });
    const goingOn = { processId, pause: Pause.INFORMATION };
    const resumed = await call(client, 'resumeIdentification', goingOn, officer);
    const due = clockOf(resumed.standing, step?.code ?? '')?.due?.getTime() ?? 0;
    const calendar = pack.calendars.find(({ code }) => code === pack.identification.calendar);
    if (!calendar || !step) throw new Error('a pack without calendar or step');
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: calendar.timeZone }).format(due - 1);
    const end = { unit: step.term.unit, lastDay: day as never, due: instant(due) };
    const counted = leftOf(calendar, end, instant(world.now()));
    expect(`${counted.count} ${counted.unit}`).toBe(left);
    const twice = call(client, 'resumeIdentification', goingOn, officer);
    expect(await twice.then(() => 'accepted', refusalOf)).toBe('not-paused');
    await decided(country(), person, Outcome.POSITIVE);
  });
}
