import type { OfferView } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { hours, minutes } from '@opennrm/runtime/decision';
import type { drawJourney } from '../behaviour.ts';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import type { Desk } from '../desk.ts';
import type { Request } from './requesters.ts';

interface Trip {
  readonly request: Request;
  readonly offer: OfferView;
  readonly journey: ReturnType<typeof drawJourney>;
}

/** The named escort meets the person and alone reads the address; the staff of the place record the arrival. */
export function escortJourney(desk: Desk, { request, offer, journey }: Trip): void {
  const { referralId, organisation } = request;
  const holdId = offer.offerId;
  if (journey.end === 'not-collected') return; // nobody came to the meeting point: the clock says so
  desk.later(journey.leavesInMs, 'collect', async () => {
    const token = await desk.token(organisation, 'escort', journey.escort);
    await call(desk.clients.referral, 'recordCollected', { referralId }, { token });
    await call(desk.clients.shelters, 'getArrivalAddress', { holdId }, { token });
  });
  desk.later(journey.leavesInMs + journey.lastsMs, 'arrive', async () => {
    const token = await desk.token(offer.organisationId, 'provider-staff');
    const record = journey.end === 'arrives' ? 'recordArrival' : 'recordDidNotArrive';
    await call(desk.clients.shelters, record, { holdId }, { token });
    if (journey.end === 'arrives') settleIn(desk, request, offer);
  });
}

/** What a basis covers is read by the house; some stays end within these days, and their beds are free again. */
function settleIn(desk: Desk, { need }: Request, { offerId: holdId, organisationId }: OfferView): void {
  const draw = chance(desk.seed, 'settles', holdId);
  if (draw.happens(0.4)) {
    desk.later(minutes(30), 'read section', async () => {
      const token = await desk.token(organisationId, 'provider-staff');
      const wish = { caseId: '', holdId, section: 'safety', purpose: 'accommodation', version: 0, person: 0 };
      const { personIds } = await call(desk.clients.vault, 'listPeople', { holdId }, { token });
      for (const personId of personIds) await call(desk.clients.vault, 'readSection', { ...wish, personId }, { token });
    });
  }
  if (!draw.happens(need.urgency === 'emergency' ? 0.2 : 0.08)) return;
  desk.later(hours(20 + draw.next() * 60), 'end of stay', async () => {
    const token = await desk.token(organisationId, 'provider-staff');
    await call(
      desk.clients.shelters,
      'endStay',
      { holdId, code: draw.pick(['moved-on', 'transferred', 'hospital']) },
      { token },
    );
  });
}
