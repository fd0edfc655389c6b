import { errorTypes } from './error-types.ts';

/** What the broker answers to a commit in a membership that is not the one it knows. */
const NOT_THIS_MEMBERSHIP = ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'];

/**
 * Whether a consumer reads in the membership that its group knows. kafkajs 2.2.4 joins in two steps. When the second fails otherwise than by a
 * rebalance (its answer is lost, the broker of the group changed), it reads and commits in the old membership and sends heartbeats in the new one:
 * nothing that it handles is committed, and its new partitions are read by nobody.
 */
export class Membership {
  readonly #now: () => number;
  #wrongSince: { join?: number; commit?: number } = {};
  #lastFetch: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#lastFetch = now();
  }

  /** The first step was answered. */
  joining(): void {
    this.#wrongSince.join ??= this.#now();
  }

  /** Both steps are done, or kafkajs begins anew by itself. */
  joined(): void {
    this.#wrongSince = {};
  }

  committed(): void {
    delete this.#wrongSince.commit;
  }

  commitFailed(error: unknown): void {
    if (errorTypes(error).some((type) => NOT_THIS_MEMBERSHIP.includes(type)))
      this.#wrongSince.commit ??= this.#now();
  }

  fetched(): void {
    this.#lastFetch = this.#now();
  }

  /**
   * @returns for how long it has read in another membership, milliseconds; 0 when it does not. A consumer that only waits to join reads nothing.
   */
  wrongFor(): number {
    return Math.max(0, this.#lastFetch - Math.min(...Object.values(this.#wrongSince)));
  }
}
