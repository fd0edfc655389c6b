import type { Offsets, TopicPartitionOffset } from 'kafkajs';
import type { Membership } from './membership.ts';

const COMMIT_EVERY_MS = 200;
const RECOMMIT_EVERY_MS = 5_000;

/** Tries once, in the current membership. A retry by kafkajs in a later membership would move the group back to an old offset. */
export type Commit = (offsets: Offsets) => Promise<void>;

type PartitionOffsets = Map<string, TopicPartitionOffset>;

/**
 * Commits the position of a consumer a few times a second: a commit for each slice costs the broker as much as the slice. Messages that
 * were handled but not committed when a process ends are delivered again and recognised as repeats by their number (design rule 10).
 *
 * One commit at a time, so that no older commit arrives after a newer one. A commit without an answer may still arrive late, so after a
 * failed commit the last one is repeated at intervals, for as long as the membership lasts: the broker refuses a commit of an earlier one.
 */
export class OffsetCommitter {
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #membership: Pick<Membership, 'committed' | 'commitFailed'>;
  #commit: Commit | undefined;
  #handled: PartitionOffsets = new Map();
  #committed: PartitionOffsets = new Map();
  #recommitAll = false;
  #hasFailed = false;
  #committing: Promise<void> | undefined;

  /** @param membership is notified of each commit and of each failed commit */
  constructor(membership: Pick<Membership, 'committed' | 'commitFailed'>) {
    this.#membership = membership;
    this.#timers = [
      setInterval(() => void this.flush(), COMMIT_EVERY_MS),
      setInterval(() => {
        if (this.#hasFailed) this.recommit();
      }, RECOMMIT_EVERY_MS),
    ];
  }

  /** The group was joined again: offsets that are not committed are read again, by this member or by another. */
  reset(): void {
    [this.#handled, this.#committed] = [new Map(), new Map()];
    this.#hasFailed = false;
  }

  /**
   * @returns a function to call when messages up to an offset are handled. It returns false when the group was joined again since the
   * batch was handed out; then the offset does not count.
   */
  trackPartition(
    topic: string,
    partition: number,
    commit: Commit,
  ): (lastOffset: string) => boolean {
    const handled = this.#handled;
    this.#commit = commit;
    return (lastOffset) => {
      if (handled !== this.#handled) return false;
      handled.set(`${topic} ${partition}`, {
        topic,
        partition,
        offset: `${BigInt(lastOffset) + 1n}`,
      });
      return true;
    };
  }

  /** Commits new offsets, or waits for the running commit. */
  flush(): Promise<void> {
    this.#committing ??= this.#commitNew().finally(() => {
      this.#committing = undefined;
    });
    return this.#committing;
  }

  /** The next commit repeats all offsets that this member has committed since it joined. */
  recommit(): void {
    this.#recommitAll = true;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#committing;
    await this.flush();
  }

  /** A failed offset is kept for the next commit, unless a later one was handled since. */
  async #commitNew(): Promise<void> {
    const [handled, committed] = [this.#handled, this.#committed];
    const offsets: PartitionOffsets = new Map([
      ...(this.#recommitAll ? committed : []),
      ...handled,
    ]);
    this.#recommitAll = false;
    if (offsets.size === 0) return;
    handled.clear();
    try {
      await this.#commit?.(byTopic(offsets));
      if (handled === this.#handled) this.#membership.committed();
      for (const [place, offset] of offsets) committed.set(place, offset);
    } catch (error) {
      // A refusal to a membership that has ended does not apply to the membership after it.
      if (handled === this.#handled) {
        this.#hasFailed = true;
        this.#membership.commitFailed(error);
      }
      for (const [place, offset] of offsets) if (!handled.has(place)) handled.set(place, offset);
    }
  }
}

function byTopic(places: PartitionOffsets): Offsets {
  const topics = new Map<string, { partition: number; offset: string }[]>();
  for (const { topic, partition, offset } of places.values())
    topics.set(topic, [...(topics.get(topic) ?? []), { partition, offset }]);
  return { topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) };
}
