import type { CountryPack } from '@opennrm/country';
import { systemAuthor } from '@opennrm/messaging';
import { faultOf, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { ReferralEvent } from '../domain/events.ts';
import type { Service } from '../domain/matching/service.ts';
import { caseReferences } from '../domain/referral.ts';
import { isAskable, remainingToAsk } from '../domain/search.ts';
import { serviceAvailable } from '../domain/service-available.ts';
import {
  type AskableLevel,
  continueAfter,
  endSignal,
  findSignal,
  findWaitingReferrals,
  type WaitingReferral,
} from '../outbound/availability-signals.ts';
import { findServiceById, readCaseBases } from '../outbound/knowledge.ts';
import { everyUrgency } from '../outbound/urgency-order.ts';
import { changeReferral } from './change-referral.ts';

/** The most referrals that one transaction checks. None of them is locked, and at most one is changed. */
const BATCH_SIZE = 100;

/** Wakes the next referral that a signal suits, one in each transaction, so that many freed units never delay the consumer. */
export const onServiceAvailable =
  (pack: CountryPack) =>
  async (tx: Transaction, signalId: string, now: Instant): Promise<void> => {
    const signal = await findSignal(tx, signalId);
    if (!signal) return;
    const service = signal.units > 0 ? await findServiceById(tx, signal.service_id) : undefined;
    const waiting = service
      ? await findWaitingReferrals(tx, signal, askableLevels(pack), BATCH_SIZE)
      : [];
    const last = waiting.at(-1);
    if (!service || !last) return endSignal(tx, signal);
    const next = await firstEligible(tx, pack, service, waiting, now);
    if (!next) return continueAfter(tx, signal, last, signal.units, now);
    const woken = await wake(tx, pack, next.id, signal.service_id, now);
    return continueAfter(tx, signal, next, signal.units - (woken ? 1 : 0), now);
  };

/** Each combination of urgency and number of asked services for which one more may be asked. */
const askableLevels = ({ urgencies }: CountryPack): AskableLevel[] =>
  everyUrgency.flatMap((urgency) =>
    Array.from({ length: urgencies[urgency].openAtOnce }, (_, askedCount) => ({
      urgency,
      askedCount,
    })),
  );

/** The first referral that may ask the service now, as far as this is known without a lock. */
async function firstEligible(
  tx: Transaction,
  pack: CountryPack,
  service: Service,
  waiting: readonly WaitingReferral[],
  now: Instant,
): Promise<WaitingReferral | undefined> {
  const readable = waiting.filter(({ state }) => isReadable(state));
  const bases = await readCaseBases(
    tx,
    readable.flatMap(({ state }) => caseReferences(state)),
  );
  return readable.find(
    ({ state }) =>
      remainingToAsk(state, pack) > 0 && isAskable(state, service, { bases, pack, now }),
  );
}

/** A row that cannot be read as a referral delays no referral behind it. Its own deadlines report the fault. */
const isReadable = ({ party, need, offers }: Partial<WaitingReferral['state']>): boolean =>
  party !== undefined && need !== undefined && offers !== undefined;

/**
 * A referral that fails by a permanent fault is rolled back, and the referrals behind it are still checked.
 * @returns whether it asks this service now. A referral that asks another service, or confirms an acceptance, leaves the unit to those
 * behind it.
 */
async function wake(
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  serviceId: string,
  now: Instant,
): Promise<boolean> {
  try {
    const outcome = await tx.savepoint(() =>
      changeReferral(tx, pack, now, systemAuthor, referralId, serviceAvailable(serviceId)),
    );
    return (
      outcome.kind === 'accepted' && outcome.events.some((event) => asksService(event, serviceId))
    );
  } catch (error) {
    if (faultOf(error) !== 'permanent') throw error;
    return false;
  }
}

const asksService = (event: ReferralEvent, serviceId: string): boolean =>
  event.type === 'ServiceAsked' && event.serviceId === serviceId;
