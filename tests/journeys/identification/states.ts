import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import { Pause } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { call } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect } from 'vitest';
import { eventually } from '../world.ts';
import {
  type Country,
  clockOf,
  decided,
  decidedByOne,
  drafted,
  type Identified,
  referred,
  standing,
  submitted,
} from './country.ts';

const DAY_MS = hours(24);

/** Somebody in a state of the formal process. */
export interface InState {
  readonly state: string;
  readonly stage: string;
  readonly person: Identified;
}

/** Somebody in each state that this country knows; those whose way takes weeks come first, so that nothing ends for the others meanwhile. */
export async function inEveryState(country: Country): Promise<readonly InState[]> {
  const all: InState[] = [];
  for (const [state, [stage, way]] of Object.entries({ ...slow(country), ...quick(country) })) {
    all.push({ state, stage, person: await way() });
  }
  return all;
}

type Ways = Readonly<Record<string, readonly [stage: string, way: () => Promise<Identified>]>>;

function slow(country: Country): Ways {
  const last = country.pack.identification.steps.at(-1);
  return {
    'lapsed, never sent': ['lapsed', () => then(drafted(country), (her) => untilLapsed(country, her))],
    'decided: yes': ['decided', () => identified(country)],
    ...(last?.secondPerson.includes('disqualified')
      ? {
          'decided: yes, to be taken back': [
            'decided',
            () => then(identified(country), (her) => takenBack(country, her)),
          ],
        }
      : {}),
    'decided: no, for good': [
      'decided',
      () =>
        then(refused(country), async (her) => {
          await passUntilOver(country, her, 'ask-for-reconsideration');
        }),
    ],
  };
}

function quick(country: Country): Ways {
  const { steps, pauseGrounds, suspensionGrounds } = country.pack.identification;
  const [first] = steps;
  const reconsidered: Ways = {
    'decided: no, may be asked again': ['decided', () => refused(country)],
    'no, to be looked at again': ['submitted', () => then(refused(country), (her) => askedAgain(country, her))],
    'reconsideration in hand': [
      'pending',
      async () =>
        then(
          then(refused(country), (her) => askedAgain(country, her)),
          (her) => takenUp(country, her),
        ),
    ],
  };
  const proposed: Ways = {
    'no proposed, to be confirmed': [
      'pending',
      () => then(referred(country), (her) => decidedByOne(country, her, Outcome.NEGATIVE)),
    ],
    'information requested, a no proposed': [
      'information-requested',
      () =>
        then(
          then(referred(country), (her) => decidedByOne(country, her, Outcome.NEGATIVE)),
          (her) => held(country, her, Pause.INFORMATION, pauseGrounds[0]?.code),
        ),
    ],
  };
  const further: Ways = {
    'last step pending, she recovers': [
      'pending',
      () => then(referred(country), (her) => decided(country, her, Outcome.POSITIVE)),
    ],
  };
  const paused = (pause: Pause, ground: string | undefined) => () =>
    then(referred(country), (her) => held(country, her, pause, ground));
  return {
    draft: ['draft', () => drafted(country)],
    submitted: ['submitted', () => submitted(country)],
    'first step pending': ['pending', () => referred(country)],
    ...(first?.secondPerson.includes('negative') ? proposed : {}),
    'information requested': ['information-requested', paused(Pause.INFORMATION, pauseGrounds[0]?.code)],
    suspended: ['suspended', paused(Pause.SUSPENSION, suspensionGrounds[0]?.code)],
    ...(steps.length > 1 ? further : {}),
    ...(first?.reconsideration ? reconsidered : {}),
    'withdrawn by her': ['withdrawn', () => then(referred(country), (her) => withdrawn(country, her))],
    disqualified: ['disqualified', () => then(referred(country), (her) => decided(country, her, Outcome.DISQUALIFIED))],
  };
}

async function then(way: Promise<Identified>, step: (her: Identified) => Promise<unknown>): Promise<Identified> {
  const her = await way;
  await step(her);
  return her;
}

const refused = (country: Country) => then(referred(country), (her) => decided(country, her, Outcome.NEGATIVE));

async function identified(country: Country): Promise<Identified> {
  const her = await referred(country);
  for (const step of country.pack.identification.steps) {
    if (step.notDuringRecovery) await recoveryIsOver(country, her);
    await decided(country, her, Outcome.POSITIVE);
  }
  return her;
}

async function takenBack(country: Country, her: Identified): Promise<void> {
  const { proposed } = await decidedByOne(country, her, Outcome.DISQUALIFIED);
  expect(proposed).toBe(true);
}

async function held({ client, authority }: Country, her: Identified, pause: Pause, ground = ''): Promise<void> {
  const officer = await authority.as('competent-authority');
  await call(client, 'pauseIdentification', { processId: her.processId, pause, ground }, officer);
}

async function askedAgain({ client, world, pack }: Country, her: Identified): Promise<void> {
  const reasons = pack.identification.reconsiderationReasons.slice(0, 1).map(({ code }) => code);
  const responder = await world.responders.as('responder');
  await call(client, 'askForReconsideration', { processId: her.processId, reasons }, responder);
}

async function withdrawn({ client, world }: Country, her: Identified): Promise<void> {
  await call(client, 'withdrawIdentification', { processId: her.processId }, await world.responders.as('responder'));
}

async function takenUp({ client, authority }: Country, her: Identified): Promise<void> {
  const officer = await authority.as('competent-authority');
  await call(client, 'takeUpIdentification', { processId: her.processId }, officer);
}

/** Nobody sends the draft, until its time is over. */
async function untilLapsed(country: Country, her: Identified): Promise<void> {
  const { world } = country;
  const now = async () => standing(country, her, await world.responders.as('responder'));
  const due = clockOf(await now(), 'draft')?.due?.getTime() ?? 0;
  await world.pass(due - world.now() + DAY_MS);
  await eventually(async () => expect((await now()).stage).toBe('lapsed'));
}

/** The recovery and reflection period has passed. */
export const recoveryIsOver = (country: Country, her: Identified): Promise<void> =>
  passUntilOver(country, her, 'recovery');

/** Time passes until a clock has run out; nothing happens when there is none. */
async function passUntilOver(country: Country, her: Identified, code: string): Promise<void> {
  const due = clockOf(await standing(country, her), code)?.due?.getTime() ?? 0;
  if (due > country.world.now()) await country.world.pass(due - country.world.now() + DAY_MS);
  await eventually(async () => expect(clockOf(await standing(country, her), code)).toBeUndefined());
}
