import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import { Pause } from '@opennrm/contracts/opennrm/identification_intake/v1/identification_term.ts';
import { call } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect } from 'vitest';
import { eventually } from '../world.ts';
import {
  deadlineOf,
  decideByOne,
  decideCase,
  draftCase,
  referCase,
  statusOf,
  submitCase,
} from './cases.ts';
import type { Identified, TestCountry } from './country.ts';

const DAY_MS = hours(24);

/** A person in a state of the formal process. */
export interface InState {
  readonly state: string;
  readonly stage: string;
  readonly person: Identified;
}

/**
 * One person in each state that this country has. The states that need weeks of business time are made first, one after the other, so that no
 * deadline of the other people passes. The other states need no time, and are made in parallel.
 */
export async function inEveryState(country: TestCountry): Promise<readonly InState[]> {
  const all: InState[] = [];
  for (const [state, [stage, transition]] of Object.entries(slow(country)))
    all.push({ state, stage, person: await transition() });
  const others = Object.entries(quick(country)).map(async ([state, [stage, transition]]) => ({
    state,
    stage,
    person: await transition(),
  }));
  return all.concat(await Promise.all(others));
}

type Transitions = Readonly<
  Record<string, readonly [stage: string, transition: () => Promise<Identified>]>
>;

function slow(country: TestCountry): Transitions {
  const last = country.pack.identification.steps.at(-1);
  return {
    'lapsed, never submitted': [
      'lapsed',
      () => andThen(draftCase(country), (person) => untilLapsed(country, person)),
    ],
    'decided: positive': ['decided', () => identified(country)],
    ...(last?.secondPerson.includes('disqualified')
      ? {
          'decided: positive, revocation proposed': [
            'decided',
            () =>
              andThen(identified(country), (person) => disqualificationProposed(country, person)),
          ],
        }
      : {}),
    'decided: negative, final': [
      'decided',
      () =>
        andThen(refused(country), async (person) => {
          await passUntilOver(country, person, 'request-reconsideration');
        }),
    ],
  };
}

function quick(country: TestCountry): Transitions {
  const { steps, pauseGrounds, suspensionGrounds } = country.pack.identification;
  const [first] = steps;
  const reconsidered: Transitions = {
    'decided: negative, reconsideration possible': ['decided', () => refused(country)],
    'decided: negative, reconsideration requested': [
      'submitted',
      () => andThen(refused(country), (person) => reconsiderationRequested(country, person)),
    ],
    'reconsideration taken up': [
      'pending',
      async () =>
        andThen(
          andThen(refused(country), (person) => reconsiderationRequested(country, person)),
          (person) => takenUp(country, person),
        ),
    ],
  };
  const proposed: Transitions = {
    'negative decision proposed': [
      'pending',
      () => andThen(referCase(country), (person) => decideByOne(country, person, Outcome.NEGATIVE)),
    ],
    'information requested, negative decision proposed': [
      'information-requested',
      () =>
        andThen(
          andThen(referCase(country), (person) => decideByOne(country, person, Outcome.NEGATIVE)),
          (person) => pauseCase(country, person, Pause.INFORMATION, pauseGrounds[0]?.code),
        ),
    ],
  };
  const further: Transitions = {
    'last step pending, in recovery': [
      'pending',
      () => andThen(referCase(country), (person) => decideCase(country, person, Outcome.POSITIVE)),
    ],
  };
  const paused = (pause: Pause, ground: string | undefined) => () =>
    andThen(referCase(country), (person) => pauseCase(country, person, pause, ground));
  return {
    draft: ['draft', () => draftCase(country)],
    submitted: ['submitted', () => submitCase(country)],
    'first step pending': ['pending', () => referCase(country)],
    ...(first?.secondPerson.includes('negative') ? proposed : {}),
    'information requested': [
      'information-requested',
      paused(Pause.INFORMATION, pauseGrounds[0]?.code),
    ],
    suspended: ['suspended', paused(Pause.SUSPENSION, suspensionGrounds[0]?.code)],
    ...(steps.length > 1 ? further : {}),
    ...(first?.reconsideration ? reconsidered : {}),
    'withdrawn by the person': [
      'withdrawn',
      () => andThen(referCase(country), (person) => withdrawn(country, person)),
    ],
    disqualified: [
      'disqualified',
      () =>
        andThen(referCase(country), (person) => decideCase(country, person, Outcome.DISQUALIFIED)),
    ],
  };
}

async function andThen(
  transition: Promise<Identified>,
  step: (person: Identified) => Promise<unknown>,
): Promise<Identified> {
  const person = await transition;
  await step(person);
  return person;
}

const refused = (country: TestCountry) =>
  andThen(referCase(country), (person) => decideCase(country, person, Outcome.NEGATIVE));

async function identified(country: TestCountry): Promise<Identified> {
  const person = await referCase(country);
  for (const step of country.pack.identification.steps) {
    if (step.notDuringRecovery) await recoveryIsOver(country, person);
    await decideCase(country, person, Outcome.POSITIVE);
  }
  return person;
}

async function disqualificationProposed(country: TestCountry, person: Identified): Promise<void> {
  const { proposed } = await decideByOne(country, person, Outcome.DISQUALIFIED);
  expect(proposed).toBe(true);
}

async function pauseCase(
  { client, authority }: TestCountry,
  person: Identified,
  pause: Pause,
  ground = '',
): Promise<void> {
  const officer = await authority.as('competent-authority');
  await call(
    client,
    'pauseIdentification',
    { processId: person.processId, pause, ground },
    officer,
  );
}

async function reconsiderationRequested(
  { client, world, pack }: TestCountry,
  person: Identified,
): Promise<void> {
  const reasons = pack.identification.reconsiderationReasons.slice(0, 1).map(({ code }) => code);
  const responder = await world.responders.as('responder');
  await call(client, 'requestReconsideration', { processId: person.processId, reasons }, responder);
}

async function withdrawn({ client, world }: TestCountry, person: Identified): Promise<void> {
  await call(
    client,
    'withdrawIdentification',
    { processId: person.processId },
    await world.responders.as('responder'),
  );
}

async function takenUp({ client, authority }: TestCountry, person: Identified): Promise<void> {
  const officer = await authority.as('competent-authority');
  await call(client, 'takeUpIdentification', { processId: person.processId }, officer);
}

/** The draft is not submitted before its deadline. */
async function untilLapsed(country: TestCountry, person: Identified): Promise<void> {
  const { world } = country;
  const now = async () => statusOf(country, person, await world.responders.as('responder'));
  const due = deadlineOf(await now(), 'draft')?.due?.getTime() ?? 0;
  await world.advanceTime(due - world.now() + DAY_MS);
  await eventually(async () => expect((await now()).stage).toBe('lapsed'));
}

/** The recovery and reflection period has passed. */
export const recoveryIsOver = (country: TestCountry, person: Identified): Promise<void> =>
  passUntilOver(country, person, 'recovery');

/** Moves business time until a deadline has passed. Does nothing when there is no such deadline. */
async function passUntilOver(
  country: TestCountry,
  person: Identified,
  code: string,
): Promise<void> {
  const due = deadlineOf(await statusOf(country, person), code)?.due?.getTime() ?? 0;
  if (due > country.world.now())
    await country.world.advanceTime(due - country.world.now() + DAY_MS);
  await eventually(async () =>
    expect(deadlineOf(await statusOf(country, person), code)).toBeUndefined(),
  );
}
