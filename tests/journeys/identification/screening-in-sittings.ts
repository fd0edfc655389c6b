import { randomUUID } from 'node:crypto';
import {
  AgeAnswer,
  Presence,
} from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { openVaultCase } from './cases.ts';
import type { TestCountry } from './country.ts';

const present = (indicator: string) => ({ indicator, presence: Presence.PRESENT });
const SAFE = { speaksFreely: true, inDanger: false };
const INTERPRETER = randomUUID();
/** How a sitting is held; who sat, and when, is said by the service. */
const sitting = (language: string, interpreterId = '') => ({
  language,
  interpreterId,
  interpreter: interpreterId !== '',
  notRecorded: false,
  by: '',
  at: undefined,
});
const refusal = (asked: Promise<unknown>): Promise<string | undefined> =>
  asked.then(() => 'accepted', refusalOf);

export function screeningInSittings(country: () => TestCountry): void {
  it('begins when the person is safe, survives a restart of the service, and shows changes and the indicators of its result', async () => {
    const { world } = country();
    const responder = await world.responders.as('responder');
    const { caseReference } = await openVaultCase(country());
    const screeningId = randomUUID();
    const beginning = {
      screeningId,
      caseReference,
      list: 'ilo-2009',
      age: AgeAnswer.ADULT,
      basis: 'permission',
      session: sitting('en'),
    };
    const begin = (safety: typeof SAFE | undefined) =>
      call(
        world.intake,
        'beginScreening',
        { ...beginning, safety },
        { ...responder, deadlineMs: 60_000 },
      );
    expect(await refusal(begin(undefined))).toBe('safety-not-asked');
    expect(await refusal(begin({ ...SAFE, inDanger: true }))).toBe('not-safe');

    const give = (answers: { indicator: string; presence: Presence }[], how = sitting('en')) =>
      call(
        world.intake,
        'giveAnswers',
        { screeningId, answers, session: how, safety: SAFE },
        responder,
      );
    await give([present('ex-low-or-no-salary'), present('cd-violence-on-victim')]);
    expect((await call(world.intake, 'pauseScreening', { screeningId }, responder)).state).toBe(
      'paused',
    );
    const { process } = world.platform.service('identification-intake');
    await process.kill('SIGKILL');
    await process.whenReady();
    const private_ = { indicator: 'cd-violence-on-victim', presence: Presence.PREFERS_NOT_TO_SAY };
    const again = [present('ex-excessive-working-days-or-hours'), private_];
    const given = await give(again, sitting('vi', INTERPRETER));
    expect(given).toMatchObject({ answered: 3, sessions: 3 });
    const weighed = await call(world.intake, 'finishScreening', { screeningId }, responder);
    expect(weighed).toMatchObject({ result: 'not-indicated', rule: 'adult-4' });

    const read = { screeningId, purpose: 'identification-decision' };
    const shown = await call(world.intake, 'getScreening', read, responder);
    expect(shown.dimensions.find(({ positive }) => positive)?.indicators.toSorted()).toEqual([
      'ex-excessive-working-days-or-hours',
      'ex-low-or-no-salary',
    ]);
    expect(shown.changed).toEqual([
      { indicator: 'cd-violence-on-victim', before: Presence.PRESENT, session: given.sessions },
    ]);
    expect(shown.answers).toContainEqual(private_);
    expect(shown.stopped).toMatchObject([
      { inDanger: true, by: world.responders.personOf('responder') },
    ]);
    expect(shown.sessions.at(-1)).toMatchObject({
      language: 'vi',
      interpreter: true,
      interpreterId: INTERPRETER,
    });
    await isConcludedByAHuman(country(), screeningId);
  });
}

/** Exploited and not trafficked is a case of labour rights; whoever thinks otherwise says why. */
async function isConcludedByAHuman({ world }: TestCountry, screeningId: string): Promise<void> {
  const caseworker = await world.responders.as('caseworker');
  const conclude = (conclusion: string, reason = '') =>
    call(
      world.intake,
      'concludeScreening',
      { screeningId, conclusion, reason, noteId: '' },
      caseworker,
    );
  expect(await refusal(conclude('indicated'))).toBe('reason-needed');
  const concluded = await conclude('not-indicated');
  expect(concluded).toMatchObject({
    state: 'concluded',
    pathway: 'labour-rights',
    pathwayServiceClass: 'legal-aid',
  });
  expect(await refusal(conclude('indicated', 'own-account'))).toBe('already-concluded');
  const read = { screeningId, purpose: 'identification-decision' };
  const shown = await call(world.intake, 'getScreening', read, caseworker);
  expect(shown).toMatchObject({
    conclusion: 'not-indicated',
    pathway: 'labour-rights',
    pathwayServiceClass: 'legal-aid',
  });
}
