import { EventEmitter } from 'node:events';

/**
 * Tells this process's own streams that offers of an organisation may have changed. A hint that saves polling: what is
 * sent is always read from the database, and other replicas' changes are found by the streams' own looking.
 */
export class OfferChanges {
  readonly #bells = new EventEmitter().setMaxListeners(0);
  readonly #touched = new Map<string, number>();

  /** An offer of the organisation was written; it is not committed yet. */
  markChanged(organisation: string): void {
    this.#touched.set(organisation, Date.now());
  }

  /** Something was committed. Which transaction it was is not known: whatever was touched a moment ago is looked at. */
  notifyStreams(): void {
    const since = Date.now() - RECENT_MS;
    for (const [organisation, at] of this.#touched) {
      this.#bells.emit(organisation);
      if (at < since) this.#touched.delete(organisation);
    }
  }

  /** Resolves at the next hint, after `milliseconds`, or when the signal aborts. */
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

/** The one of this process. */
export const offerChanges = new OfferChanges();
