/** How often the outbox is read while nothing arrives. Milliseconds. */
export const POLL_MS = 1_000;
const SHORT_POLL_MS = 150;
/** For how long the polls stay short after one found a message of another replica. More of its messages are likely to follow. */
const SHORT_FOR_MS = 10_000;

/** The pauses between the polls of the relay. A commit of its own process wakes it, so a poll finds only messages of other replicas. */
export class RelayPolls {
  readonly #longMs: number;
  readonly #now: () => number;
  #shortUntil = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds of a monotonic clock */
  constructor(longMs: number = POLL_MS, now: () => number = () => performance.now()) {
    this.#longMs = longMs;
    this.#now = now;
  }

  /** A poll found messages that no commit of this process announced. */
  foundUnannounced(): void {
    this.#shortUntil = this.#now() + SHORT_FOR_MS;
  }

  /** @param isRetrying whether a topic waits for its next try, which does not wait for a long poll. @returns milliseconds */
  next(isRetrying: boolean): number {
    const isShort = isRetrying || this.#now() < this.#shortUntil;
    return isShort ? Math.min(SHORT_POLL_MS, this.#longMs) : this.#longMs;
  }
}
