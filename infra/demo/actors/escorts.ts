import type { OfferView } from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import { hours, minutes } from '@opennrm/runtime/decision';
import type { drawJourney } from '../behaviour.ts';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import type { Simulation } from '../simulation.ts';
import type { Request } from './request.ts';

interface Trip {
  readonly request: Request;
  readonly offer: OfferView;
  readonly journey: ReturnType<typeof drawJourney>;
}

/** The named escort meets the person and reads the address; the staff of the shelter record the arrival. */
export function escortJourney(simulation: Simulation, { request, offer, journey }: Trip): void {
  const { referralId, organisation } = request;
  const holdId = offer.offerId;
  if (journey.end === 'not-collected') return; // nobody came to the meeting point; the deadline of the journey shows it
  simulation.schedule(journey.leavesInMs, 'collect', async () => {
    const token = await simulation.token(organisation, 'escort', journey.escort);
    await call(simulation.clients.referral, 'recordCollected', { referralId }, { token });
    await call(simulation.clients.shelters, 'getArrivalAddress', { holdId }, { token });
  });
  simulation.schedule(journey.leavesInMs + journey.lastsMs, 'arrive', async () => {
    const token = await simulation.token(offer.organisationId, 'provider-staff');
    const record = journey.end === 'arrives' ? 'recordArrival' : 'recordDidNotArrive';
    await call(simulation.clients.shelters, record, { holdId }, { token });
    if (journey.end === 'arrives') planStay(simulation, request, offer);
  });
}

/** The shelter reads the sections that a basis covers. Some stays end within these days, and their beds are free again. */
function planStay(
  simulation: Simulation,
  { need }: Request,
  { offerId: holdId, organisationId }: OfferView,
): void {
  const draw = chance(simulation.seed, 'settles', holdId);
  if (draw.happens(0.4)) {
    simulation.schedule(minutes(30), 'read section', async () => {
      const token = await simulation.token(organisationId, 'provider-staff');
      const wish = {
        caseId: '',
        holdId,
        section: 'safety',
        purpose: 'accommodation',
        version: 0,
        person: 0,
      };
      const { personIds } = await call(
        simulation.clients.vault,
        'listPeople',
        { holdId },
        { token },
      );
      for (const personId of personIds)
        await call(simulation.clients.vault, 'readSection', { ...wish, personId }, { token });
    });
  }
  if (!draw.happens(need.urgency === 'emergency' ? 0.2 : 0.08)) return;
  simulation.schedule(hours(20 + draw.next() * 60), 'end of stay', async () => {
    const token = await simulation.token(organisationId, 'provider-staff');
    await call(
      simulation.clients.shelters,
      'endStay',
      { holdId, code: draw.pick(['moved-on', 'transferred', 'hospital']) },
      { token },
    );
  });
}
