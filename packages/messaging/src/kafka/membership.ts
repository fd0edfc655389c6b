import { errorTypes } from './error-types.ts';

/** What the broker answers to a commit in a membership that is not the one it knows. */
const NOT_THIS_MEMBERSHIP = ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'];

/**
 * Whether a consumer acts in the membership that its group knows. kafkajs 2.2.4 joins in two steps. When the second fails otherwise than by a
 * rebalance (its answer is lost, the broker of the group changed), it reads and commits in the old membership and sends heartbeats in the new one: nothing
 * that it handles is committed, and its new partitions are read by nobody.
 */
export class Membership {
  readonly #now: () => number;
  #generation: number | undefined;
  #wrongSince: { heartbeat?: number; commit?: number } = {};

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Both steps are done. */
  joined(): void {
    this.#generation = undefined;
    this.#wrongSince = {};
  }

  /** The first generation that is heard after joining is the one that was joined. */
  heartbeat(generation: number): void {
    this.#generation ??= generation;
    if (generation === this.#generation) delete this.#wrongSince.heartbeat;
    else this.#wrongSince.heartbeat ??= this.#now();
  }

  committed(): void {
    delete this.#wrongSince.commit;
  }

  commitFailed(error: unknown): void {
    if (errorTypes(error).some((type) => NOT_THIS_MEMBERSHIP.includes(type))) this.#wrongSince.commit ??= this.#now();
  }

  /** @returns for how long the two have differed, milliseconds: 0 when they agree. They differ for a moment whenever a group changes. */
  wrongFor(): number {
    const since = Object.values(this.#wrongSince);
    return since.length === 0 ? 0 : this.#now() - Math.min(...since);
  }
}
