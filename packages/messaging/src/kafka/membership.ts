import { errorTypes } from './error-types.ts';

/** The broker's answers to a commit from a membership that it does not know. */
const NOT_THIS_MEMBERSHIP = ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'];

/**
 * Tracks whether a consumer reads in the membership that its group knows. kafkajs 2.2.4 joins in two steps. When the second step fails
 * for another reason than a rebalance (its answer is lost, or the broker of the group changed), it reads and commits in the old
 * membership and sends heartbeats in the new one. Then nothing that it handles is committed, and no member reads its new partitions.
 */
export class Membership {
  readonly #now: () => number;
  #wrongSince: { join?: number; commit?: number } = {};
  #lastFetch: number;

  /** @param now milliseconds of a monotonic clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#lastFetch = now();
  }

  /** The first step of joining was answered. */
  joining(): void {
    this.#wrongSince.join ??= this.#now();
  }

  /** Both steps are done, or kafkajs starts joining again by itself. */
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
   * @returns for how many milliseconds the consumer has read in a wrong membership; 0 when it has not. A consumer that only waits to join
   * reads nothing.
   */
  wrongFor(): number {
    return Math.max(0, this.#lastFetch - Math.min(...Object.values(this.#wrongSince)));
  }
}
