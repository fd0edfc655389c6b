import { randomUUID } from 'node:crypto';
import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import { IdentificationAge, Pause } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { hours, minutes } from '@opennrm/runtime/decision';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import type { Desk } from '../desk.ts';
import type { Request } from './requesters.ts';
import { spoken } from './second-thoughts.ts';

/** The competent authority of the sample country. */
export const AUTHORITY = '5a000000-0000-4000-8000-00000000000a';

/** What becomes of a procedure in these five days: most are decided in time, some wait for information, and some are forgotten on a desk. */
const FATES = ['decided', 'forgotten', 'decided', 'paused', 'decided'] as const;

interface Known {
  readonly caseId: string;
  readonly caseReference: string;
}

/** With her permission, and a child without: referred to the authority, which takes it up and does what it does. */
export async function refer(desk: Desk, { need, organisation }: Request, known: Known): Promise<void> {
  const { identification, vault } = desk.clients;
  const token = await desk.token(organisation, need.requesterRole);
  const processId = randomUUID();
  const fate = FATES[desk.procedures.length % FATES.length];
  desk.procedures.push(processId);
  const isAdult = need.party[0] === 'no';
  const age = isAdult ? IdentificationAge.ADULT : IdentificationAge.CHILD;
  if (isAdult) await call(vault, 'grantPermission', permissionFor(desk, known.caseId), { token });
  const beginning = { processId, caseReference: known.caseReference, authorityId: AUTHORITY, age };
  await call(identification, 'beginIdentification', beginning, { token });
  desk.later(hours(1), 'submit', async () => {
    await call(identification, 'submitIdentification', { processId, personToldOfPowers: false }, { token });
    desk.later(minutes(30), 'take up', async () => {
      const officer = { token: await desk.token(AUTHORITY, 'competent-authority') };
      await call(identification, 'takeUpIdentification', { processId }, officer);
      const draw = chance(desk.seed, 'authority', desk.procedures.indexOf(processId));
      if (fate === 'decided') desk.later(hours(2 + draw.next() * 6), 'decide', () => decide(desk, processId));
      if (fate === 'paused') desk.later(hours(2), 'pause', () => pauseIt(desk, processId));
    });
  });
}

function permissionFor(desk: Desk, caseId: string) {
  const what = {
    caseId,
    permissionId: randomUUID(),
    purpose: 'identification-decision',
    sections: ['identity', 'story'],
  };
  const receivers = {
    ...{ excludedRegions: [], excludedOrganisationIds: [], organisationIds: [AUTHORITY], serviceClasses: [] },
  };
  const valid = { validFrom: new Date(desk.now() - minutes(1)), validUntil: new Date(desk.now() + hours(31 * 24)) };
  return { ...what, ...spoken, receivers, ...valid };
}

const decide = async (desk: Desk, processId: string): Promise<unknown> =>
  call(
    desk.clients.identification,
    'decide',
    {
      ...{ processId, decisionId: randomUUID(), outcome: Outcome.POSITIVE, reasons: ['indicators-present'] },
      ...{ evidence: [randomUUID()], noteId: '' },
    },
    { token: await desk.token(AUTHORITY, 'competent-authority') },
  );

const pauseIt = async (desk: Desk, processId: string): Promise<unknown> =>
  call(
    desk.clients.identification,
    'pauseIdentification',
    { processId, pause: Pause.INFORMATION, ground: 'information-missing' },
    { token: await desk.token(AUTHORITY, 'competent-authority') },
  );
