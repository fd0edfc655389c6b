import type { CountryPack } from '@opennrm/country';
import { platform } from '@opennrm/messaging';
import { faultOf, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import {
  endSignal,
  findSignal,
  goOnAfter,
  type MayAskMore,
  thoseThatCouldFit,
  type Waiting,
} from '../adapters/fit-signals.ts';
import { basesOf, knownService } from '../adapters/knowledge.ts';
import { everyUrgency } from '../adapters/urgency-order.ts';
import type { ReferralEvent } from '../domain/events.ts';
import type { Service } from '../domain/matching/service.ts';
import { mayFit } from '../domain/may-fit.ts';
import { caseReferences } from '../domain/referral.ts';
import { couldBeAsked, roomToAsk } from '../domain/search.ts';
import { changeReferral } from './ground.ts';

/** So many referrals are looked at in one transaction at most: none of them is locked, and at most one is changed. */
const LOOKED_AT = 100;

/** Wakes the next referral that a signal suits. Each is a transaction of its own: a storm of freed units never holds up the consumer. */
export const onMayFit =
  (pack: CountryPack) =>
  async (tx: Transaction, signalId: string, now: Instant): Promise<void> => {
    const signal = await findSignal(tx, signalId);
    if (!signal) return;
    const service = signal.units > 0 ? await knownService(tx, pack, now, signal.service_id) : undefined;
    const waiting = service ? await thoseThatCouldFit(tx, signal, mayAskMore(pack), LOOKED_AT) : [];
    const last = waiting.at(-1);
    if (!service || !last) return endSignal(tx, signal);
    const next = await firstThatFits(tx, pack, service, waiting, now);
    if (!next) return goOnAfter(tx, signal, last, signal.units, now);
    const woken = await wake(tx, pack, next.id, signal.service_id, now);
    return goOnAfter(tx, signal, next, signal.units - (woken ? 1 : 0), now);
  };

/** Each urgency with each number of services asked that lets one more be asked at once. */
const mayAskMore = ({ urgencies }: CountryPack): MayAskMore[] =>
  everyUrgency.flatMap((urgency) =>
    Array.from({ length: urgencies[urgency].openAtOnce }, (_, liveAsks) => ({ urgency, liveAsks })),
  );

/** The first referral that may ask the service now, as far as can be seen without locking it. */
async function firstThatFits(
  tx: Transaction,
  pack: CountryPack,
  service: Service,
  waiting: readonly Waiting[],
  now: Instant,
): Promise<Waiting | undefined> {
  const sound = waiting.filter(({ state }) => isWhole(state));
  const bases = await basesOf(
    tx,
    sound.flatMap(({ state }) => caseReferences(state)),
  );
  return sound.find(({ state }) => roomToAsk(state, pack) > 0 && couldBeAsked(state, service, { bases, pack, now }));
}

/** A row that cannot be read as a referral holds up nobody behind it; its own deadlines say that it fails. */
const isWhole = ({ party, need, offers }: Partial<Waiting['state']>): boolean =>
  party !== undefined && need !== undefined && offers !== undefined;

/**
 * A referral that fails by its own fault leaves nothing behind here, and those behind it are looked at all the same.
 * @returns whether it asks this service now: one that asks another, or confirms a yes, leaves the unit to those behind it.
 */
async function wake(
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  serviceId: string,
  now: Instant,
): Promise<boolean> {
  await tx.query('SAVEPOINT wake');
  try {
    const outcome = await changeReferral(tx, pack, now, platform, referralId, mayFit(serviceId));
    await tx.query('RELEASE SAVEPOINT wake');
    return outcome.kind === 'accepted' && outcome.events.some((event) => asks(event, serviceId));
  } catch (error) {
    if (faultOf(error) !== 'own') throw error;
    await tx.query('ROLLBACK TO SAVEPOINT wake');
    return false;
  }
}

const asks = (event: ReferralEvent, serviceId: string): boolean =>
  event.type === 'ServiceAsked' && event.serviceId === serviceId;
