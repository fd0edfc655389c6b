import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import { Pause } from '@opennrm/contracts/opennrm/identification_intake/v1/identification_term.ts';
import { remainingTerm } from '@opennrm/country';
import { call, refusalOf } from '@opennrm/runtime';
import { hours, instant } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { deadlineOf, decideCase, referCase, statusOf } from './cases.ts';
import type { TestCountry } from './country.ts';

export function pausedForInformation(country: () => TestCountry): void {
  it('a procedure that is paused for ten weeks continues with the remaining term, and is decided in time', async () => {
    const { client, world, authority, pack } = country();
    const person = await referCase(country());
    const { processId } = person;
    const [step] = pack.identification.steps;
    const officer = await authority.as('competent-authority');
    await world.advanceTime(hours(48));
    const holding = { processId, pause: Pause.INFORMATION, ground: 'information-missing' };
    const paused = await call(client, 'pauseIdentification', holding, officer);
    const remaining = deadlineOf(paused.state, step?.code ?? '')?.remaining;
    expect(paused.state?.stage).toBe('information-requested');
    await world.advanceTime(hours(24 * 70));
    expect(deadlineOf(await statusOf(country(), person), step?.code ?? '')).toMatchObject({
      state: 'paused',
      remaining,
    });
    const resuming = { processId, pause: Pause.INFORMATION };
    const resumed = await call(client, 'resumeIdentification', resuming, officer);
    const due = deadlineOf(resumed.state, step?.code ?? '')?.due?.getTime() ?? 0;
    const calendar = pack.calendars.find(({ code }) => code === pack.identification.calendar);
    if (!calendar || !step) throw new Error('the pack has no such calendar or step');
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: calendar.timeZone }).format(due - 1);
    const end = { unit: step.term.unit, lastDay: day as never, due: instant(due) };
    const counted = remainingTerm(calendar, end, instant(world.now()));
    expect(`${counted.count} ${counted.unit}`).toBe(remaining);
    const twice = call(client, 'resumeIdentification', resuming, officer);
    expect(await twice.then(() => 'accepted', refusalOf)).toBe('not-paused');
    await decideCase(country(), person, Outcome.POSITIVE);
  });
}
