import { EventEmitter } from 'node:events';
import type { Transaction } from '@opennrm/runtime';

/**
 * Notifies the streams of this process that offers of an organisation have changed. It only saves polling: what is sent is always read
 * from the database, and changes by other replicas are found by polling.
 */
export class OfferChanges {
  readonly #bells = new EventEmitter().setMaxListeners(0);
  readonly #written = new WeakMap<Transaction, Set<string>>();
  readonly #counts = new Map<string, number>();

  /** An offer of the organisation was written, but not committed yet. */
  markChanged(tx: Transaction, organisation: string): void {
    const organisations = this.#written.get(tx) ?? new Set<string>();
    this.#written.set(tx, organisations.add(organisation));
  }

  /** The transaction was committed. The streams of the organisations whose offers it wrote are notified. */
  notifyStreams(tx: Transaction): void {
    for (const organisation of this.#written.get(tx) ?? []) {
      this.#counts.set(organisation, this.count(organisation) + 1);
      this.#bells.emit(organisation);
    }
    this.#written.delete(tx);
  }

  /** How many commits of this process have changed offers of the organisation. A stream reads it before it reads the database. */
  count(organisation: string): number {
    return this.#counts.get(organisation) ?? 0;
  }

  /** Resolves when the count is no longer `count`, after `milliseconds`, or when the signal aborts. */
  waitForChange(
    organisation: string,
    count: number,
    milliseconds: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.count(organisation) !== count || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#bells.off(organisation, done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#bells.once(organisation, done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/** The instance of this process. */
export const offerChanges = new OfferChanges();
