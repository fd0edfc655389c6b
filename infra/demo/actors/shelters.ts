import type { ClientReadableStream } from '@grpc/grpc-js';
import {
  Answer,
  type OpenOffer,
  type WatchOpenOffersResponse,
} from '@opennrm/contracts/opennrm/referral/v1/offer.ts';
import { hours, minutes } from '@opennrm/runtime/decision';
import { drawAnswer, type ShelterAnswer } from '../behaviour.ts';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import { metadataFor, type Simulation } from '../simulation.ts';

const REOPEN_MS = 300;

/** The staff of every provider: they watch their open offers live, read the profile, and answer after some time or never. */
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
    // After a restart of the service the stream is opened again, once: its first message is the whole state.
    let ended = false;
    const again = (): void => {
      if (ended || !open) return;
      ended = true; // a broken stream emits both an error and an end
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

/** An authority with a duty acknowledges, in most cases within its deadline of half an hour. */
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

/** A unit is recorded as free but is in use: staff put one unit out of service, and the confirmation finds another one or none. */
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

/** A coordinator records the answer by telephone; most providers confirm it themselves a few hours later. */
async function answerByTelephone(
  simulation: Simulation,
  organisation: string,
  offerId: string,
  answer: GivenAnswer,
  coordinators: string,
): Promise<void> {
  const token = await simulation.token(coordinators, 'coordinator');
  const accepts = answer.kind === 'accept';
  const telephoneAnswer = {
    offerId,
    answer: accepts ? Answer.YES : Answer.NO,
    declineCode: accepts ? '' : answer.code,
    spokeWith: 'duty-worker',
    noteId: '',
  };
  await call(
    simulation.clients.referral,
    'recordAnswerByTelephone',
    { ...telephoneAnswer, numberFromDirectory: true, readBack: true },
    { token },
  );
  if (!chance(simulation.seed, 'confirms', offerId).happens(0.85)) return;
  simulation.schedule(hours(3), 'confirm by screen', async () => {
    const own = await simulation.token(organisation, 'provider-staff');
    if (accepts)
      await call(simulation.clients.referral, 'acceptOffer', { offerId }, { token: own });
    else
      await call(
        simulation.clients.referral,
        'declineOffer',
        { offerId, code: answer.code, noteId: '' },
        { token: own },
      );
  });
}
