import { topics } from '@opennrm/contracts/topics';
import { messagesOf } from '../outbound/published.ts';
import type { ReferralEvent } from './events.ts';
import { stayCodes } from './inputs.fixture.ts';
import { evolve, type Referral } from './referral.ts';

type Message = ReturnType<typeof messagesOf>[number];

/**
 * What the other services know, read from the messages alone: for which holds a unit is kept, and which hold has a relation with which
 * people. Written without the saga, so that no test calculates its expectation with the tested code.
 */
export class SentMessages {
  readonly #held = new Set<string>();
  readonly #related = new Set<string>();

  /** The holds for which a unit is kept. */
  get held(): string[] {
    return [...this.#held].sort();
  }

  /** The relations that exist, each as hold and case reference. */
  get related(): string[] {
    return [...this.#related].sort();
  }

  /** Applies the messages of these events. */
  recordEvents(events: readonly ReferralEvent[], before?: Referral): void {
    let state = before;
    for (const event of events) {
      state = evolve(state, event);
      for (const message of messagesOf(event, state)) this.#apply(message);
      if (isProviderReport(event)) this.#held.delete(event.offerId);
    }
  }

  #apply({ topic, type, key, value }: Message): void {
    if (/\.(HoldRequested|ConfirmRequested)$/.test(type)) this.#held.add(key);
    if (type.endsWith('.HoldReleaseRequested')) this.#held.delete(key);
    if (topic !== topics.referralForCaseVault.name) return;
    const event = topics.referralForCaseVault.decode(value);
    if (event?.$case !== 'relationBegan' && event?.$case !== 'relationEnded') return;
    for (const reference of event.value.caseReferences) {
      const relation = `${event.value.holdId} ${reference}`;
      if (event.$case === 'relationBegan') this.#related.add(relation);
      else this.#related.delete(relation);
    }
  }
}

type ProviderReport = ReferralEvent & { readonly type: 'ServiceNotPossible' | 'UnitLost' };

/** A provider that reports that it keeps nothing needs no release. */
const isProviderReport = (event: ReferralEvent): event is ProviderReport =>
  (event.type === 'ServiceNotPossible' || event.type === 'UnitLost') &&
  ([...stayCodes, 'not-possible-here', 'site-closed'] as string[]).includes(event.code);

/** The messages that were sent since the referral began. */
export function messagesSentIn(history: readonly ReferralEvent[]): SentMessages {
  const sent = new SentMessages();
  sent.recordEvents(history);
  return sent;
}
