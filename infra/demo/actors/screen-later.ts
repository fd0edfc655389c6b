import {
  AgeAnswer,
  Presence,
} from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { hours } from '@opennrm/runtime/decision';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import type { Simulation } from '../simulation.ts';
import { refer } from './authority.ts';
import type { Request } from './request.ts';

const INDICATORS = [
  'ex-excessive-working-days-or-hours',
  'ex-low-or-no-salary',
  'dr-wages-or-earnings',
  'cr-debt-bondage',
];

interface Known {
  readonly caseId: string;
  readonly reference: string;
}

/** Schedules a screening hours after the request, for some of the people. */
export function screenLater(
  simulation: Simulation,
  request: Request,
  { caseId, reference: caseReference }: Known,
): void {
  const { need, organisation } = request;
  const draw = chance(simulation.seed, 'screening', caseReference);
  if (!draw.happens(0.4)) return;
  const screeningId = draw.uuid();
  simulation.schedule(hours(4 + draw.next() * 30), 'screen', async () => {
    const token = await simulation.token(organisation, need.requesterRole);
    const answers = INDICATORS.map((indicator) => ({
      indicator,
      presence: draw.pick([Presence.PRESENT, Presence.ABSENT, Presence.NOT_ASKED]),
    }));
    const age = need.party[0] === 'no' ? AgeAnswer.ADULT : AgeAnswer.CHILD;
    const safety = { speaksFreely: true, inDanger: false };
    const screening = {
      screeningId,
      caseReference,
      list: 'ilo-2009',
      age,
      answers,
      basis: 'permission',
      safety,
      session: undefined,
    };
    const { result } = await call(simulation.clients.intake, 'recordScreening', screening, {
      token,
    });
    await call(
      simulation.clients.intake,
      'concludeScreening',
      { screeningId, conclusion: result, reason: '', noteId: '' },
      { token },
    );
    await refer(simulation, request, { caseId, caseReference });
  });
}
