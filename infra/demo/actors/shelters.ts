import type { ClientReadableStream } from '@grpc/grpc-js';
import {
  Answer,
  type OpenOffer,
  type WatchOpenOffersResponse,
} from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { hours, minutes } from '@opennrm/runtime/decision';
import { drawAnswer, type ShelterAnswer } from '../behaviour.ts';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import { metadataFor, type Simulation } from '../simulation.ts';

const REOPEN_MS = 300;

/** The staff of every provider: watch their open offers live, read the profile, take their time, answer, or never do. */
export function staffShelters(
  simulation: Simulation,
  organisations: readonly string[],
  coordinators: string,
): { close(): void } {
  const seen = new Set<string>();
  const streams = new Map<string, ClientReadableStream<WatchOpenOffersResponse>>();
  let open = true;
  const watch = async (organisation: string): Promise<void> => {
    const stream = simulation.clients.referral.watchOpenOffers(
      {},
      await metadataFor(simulation, organisation, 'provider-staff'),
    );
    streams.set(organisation, stream);
    stream.on('data', ({ changed }: WatchOpenOffersResponse) => {
      for (const offer of changed.filter((one) => !seen.has(one.offerId))) {
        seen.add(offer.offerId);
        consider(simulation, organisation, offer, coordinators);
      }
    });
    // A service that was started again is simply watched again, once: the first message is the whole state.
    let ended = false;
    const again = (): void => {
      if (ended || !open) return;
      ended = true; // a stream that breaks says so twice, as an error and as an end
      setTimeout(() => void watch(organisation), REOPEN_MS);
    };
    stream.once('error', again);
    stream.once('end', again);
  };
  for (const organisation of organisations) void watch(organisation);
  return {
    close() {
      open = false;
      for (const stream of streams.values()) stream.cancel();
    },
  };
}

function consider(
  simulation: Simulation,
  organisation: string,
  offer: OpenOffer,
  coordinators: string,
): void {
  const { offerId, serviceId, acceptance } = offer;
  const answer =
    acceptance === 'duty'
      ? onDuty(simulation, offerId)
      : drawAnswer(simulation.seed, serviceId, offerId);
  if (answer.kind === 'silent') return;
  simulation.schedule(Math.min(answer.afterMs, minutes(15)), 'read profile', async () => {
    const token = await simulation.token(organisation, 'provider-staff');
    await call(
      simulation.clients.referral,
      'getOfferProfile',
      { offerId, purpose: 'accommodation' },
      { token },
    );
  });
  const answerOffer = answer.byTelephone ? answerByTelephone : answerOnScreen;
  simulation.schedule(answer.afterMs, answer.kind, () =>
    answerOffer(simulation, organisation, offerId, answer, coordinators),
  );
}

/** An authority that may not decline acknowledges, most of the time within its half hour. */
function onDuty(simulation: Simulation, offerId: string): ShelterAnswer {
  const duty = chance(simulation.seed, 'duty', offerId);
  return {
    kind: 'accept',
    afterMs: minutes(duty.happens(0.85) ? 20 : 90),
    byTelephone: false,
    bedTaken: false,
  };
}

type GivenAnswer = Exclude<ShelterAnswer, { kind: 'silent' }>;

async function answerOnScreen(
  simulation: Simulation,
  organisation: string,
  offerId: string,
  answer: GivenAnswer,
): Promise<void> {
  const token = await simulation.token(organisation, 'provider-staff');
  if (answer.kind === 'decline') {
    await call(
      simulation.clients.referral,
      'declineOffer',
      { offerId, code: answer.code, noteId: '' },
      { token },
    );
    return;
  }
  if (answer.bedTaken) await findBedTaken(simulation, organisation);
  await call(simulation.clients.referral, 'acceptOffer', { offerId }, { token });
}

/** Free on paper, taken in the house: staff put one unit out of service, and the confirmation finds another, or none. */
async function findBedTaken(simulation: Simulation, organisation: string): Promise<void> {
  const token = await simulation.token(organisation, 'provider-staff');
  const { units } = await call(
    simulation.clients.shelters,
    'listUnits',
    { siteId: '', pageSize: 200, pageToken: '' },
    { token },
  );
  const unit = units.find((one) => one.state === 'held' && !one.unitId.includes('/'));
  if (!unit) return;
  await call(
    simulation.clients.shelters,
    'setOutOfService',
    { unitId: unit.unitId, outOfService: true, code: 'reserved-for-staff' },
    { token },
  );
}

/** A coordinator notes what was said; most providers confirm it themselves a few hours later. */
async function answerByTelephone(
  simulation: Simulation,
  organisation: string,
  offerId: string,
  answer: GivenAnswer,
  coordinators: string,
): Promise<void> {
  const token = await simulation.token(coordinators, 'coordinator');
  const yes = answer.kind === 'accept';
  const heard = {
    offerId,
    answer: yes ? Answer.YES : Answer.NO,
    declineCode: yes ? '' : answer.code,
    spokeWith: 'duty-worker',
    noteId: '',
  };
  await call(
    simulation.clients.referral,
    'recordAnswerByTelephone',
    { ...heard, numberFromDirectory: true, readBack: true },
    { token },
  );
  if (!chance(simulation.seed, 'confirms', offerId).happens(0.85)) return;
  simulation.schedule(hours(3), 'confirm by screen', async () => {
    const own = await simulation.token(organisation, 'provider-staff');
    if (yes) await call(simulation.clients.referral, 'acceptOffer', { offerId }, { token: own });
    else
      await call(
        simulation.clients.referral,
        'declineOffer',
        { offerId, code: answer.code, noteId: '' },
        { token: own },
      );
  });
}
