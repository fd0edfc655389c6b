import { EventEmitter } from 'node:events';

/**
 * Notifies the streams of this process that offers of an organisation may have changed. It only saves polling: what is sent is always
 * read from the database, and changes by other replicas are found by polling.
 */
export class OfferChanges {
  readonly #bells = new EventEmitter().setMaxListeners(0);
  readonly #touched = new Map<string, number>();

  /** An offer of the organisation was written, but not committed yet. */
  markChanged(organisation: string): void {
    this.#touched.set(organisation, Date.now());
  }

  /** A transaction was committed. Which one is not known, so the streams of every organisation marked a moment ago are notified. */
  notifyStreams(): void {
    const since = Date.now() - RECENT_MS;
    for (const [organisation, at] of this.#touched) {
      this.#bells.emit(organisation);
      if (at < since) this.#touched.delete(organisation);
    }
  }

  /** Resolves at the next notification, after `milliseconds`, or when the signal aborts. */
  waitForChange(organisation: string, milliseconds: number, signal: AbortSignal): Promise<void> {
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

const RECENT_MS = 1_000;

/** The instance of this process. */
export const offerChanges = new OfferChanges();
