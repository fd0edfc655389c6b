import { randomUUID } from 'node:crypto';
import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import { IdentificationAge } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { Pause } from '@opennrm/contracts/opennrm/identification_intake/v1/identification_term.ts';
import { hours, minutes } from '@opennrm/runtime/decision';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import type { Simulation } from '../simulation.ts';
import type { Request } from './request.ts';
import { consentDetails } from './withdrawals.ts';

/** The competent authority of the sample country. */
export const AUTHORITY = '5a000000-0000-4000-8000-00000000000a';

/** The courses of a procedure in the five days: most are decided in time, some are paused for information, and some are never decided. */
const COURSES = ['decided', 'forgotten', 'decided', 'paused', 'decided'] as const;

interface Known {
  readonly caseId: string;
  readonly caseReference: string;
}

/** Refers a person to the authority, an adult with their permission, a child without. The authority takes the case up and follows one of the courses. */
export async function refer(
  simulation: Simulation,
  { need, organisation }: Request,
  known: Known,
): Promise<void> {
  const { identification, vault } = simulation.clients;
  const token = await simulation.token(organisation, need.requesterRole);
  const processId = randomUUID();
  const course = COURSES[simulation.procedures.length % COURSES.length];
  simulation.procedures.push(processId);
  const isAdult = need.party[0] === 'no';
  const age = isAdult ? IdentificationAge.ADULT : IdentificationAge.CHILD;
  if (isAdult)
    await call(vault, 'grantPermission', permissionFor(simulation, known.caseId), { token });
  const beginning = { processId, caseReference: known.caseReference, authorityId: AUTHORITY, age };
  await call(identification, 'beginIdentification', beginning, { token });
  simulation.schedule(hours(1), 'submit', async () => {
    await call(
      identification,
      'submitIdentification',
      { processId, personInformedOfPowers: false },
      { token },
    );
    simulation.schedule(minutes(30), 'take up', async () => {
      const officer = { token: await simulation.token(AUTHORITY, 'competent-authority') };
      await call(identification, 'takeUpIdentification', { processId }, officer);
      const draw = chance(simulation.seed, 'authority', simulation.procedures.indexOf(processId));
      if (course === 'decided')
        simulation.schedule(hours(2 + draw.next() * 6), 'decide', () =>
          decide(simulation, processId),
        );
      if (course === 'paused')
        simulation.schedule(hours(2), 'pause', () => pauseProcedure(simulation, processId));
    });
  });
}

function permissionFor(simulation: Simulation, caseId: string) {
  const what = {
    caseId,
    permissionId: randomUUID(),
    purpose: 'identification-decision',
    sections: ['identity', 'story'],
  };
  const receivers = {
    excludedRegions: [],
    excludedOrganisationIds: [],
    organisationIds: [AUTHORITY],
    serviceClasses: [],
  };
  const valid = {
    validFrom: new Date(simulation.now() - minutes(1)),
    validUntil: new Date(simulation.now() + hours(31 * 24)),
  };
  return { ...what, ...consentDetails, receivers, ...valid };
}

const decide = async (simulation: Simulation, processId: string): Promise<unknown> =>
  call(
    simulation.clients.identification,
    'decide',
    {
      processId,
      decisionId: randomUUID(),
      outcome: Outcome.POSITIVE,
      reasons: ['indicators-present'],
      evidence: [randomUUID()],
      noteId: '',
    },
    { token: await simulation.token(AUTHORITY, 'competent-authority') },
  );

const pauseProcedure = async (simulation: Simulation, processId: string): Promise<unknown> =>
  call(
    simulation.clients.identification,
    'pauseIdentification',
    { processId, pause: Pause.INFORMATION, ground: 'information-missing' },
    { token: await simulation.token(AUTHORITY, 'competent-authority') },
  );
