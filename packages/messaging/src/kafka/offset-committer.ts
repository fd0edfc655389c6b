import type { Offsets, TopicPartitionOffset } from 'kafkajs';
import type { Membership } from './membership.ts';

const COMMIT_EVERY_MS = 200;
const RECOMMIT_EVERY_MS = 5_000;

/** Tries once, in the membership of the moment: tried again by kafkajs in a later one, an old offset would put the group back. */
export type Commit = (offsets: Offsets) => Promise<void>;

type PartitionOffsets = Map<string, TopicPartitionOffset>;

/**
 * Commits how far a consumer is, a few times a second: a commit for each slice costs the broker as much as the slice. What was handled and not
 * committed when a process dies is handed out again, and known as a repeat by its number (design rule 10).
 *
 * One commit at a time, so that no older one comes after a newer one. One whose answer was lost may still arrive late: what was said last is said
 * again now and then.
 */
export class OffsetCommitter {
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #membership: Pick<Membership, 'committed' | 'commitFailed'>;
  #commit: Commit | undefined;
  #handled: PartitionOffsets = new Map();
  #committed: PartitionOffsets = new Map();
  #recommitAll = false;
  #committing: Promise<void> | undefined;

  /** @param membership is told of each commit, and of each that failed */
  constructor(membership: Pick<Membership, 'committed' | 'commitFailed'>) {
    this.#membership = membership;
    this.#timers = [
      setInterval(() => void this.flush(), COMMIT_EVERY_MS),
      setInterval(() => this.recommit(), RECOMMIT_EVERY_MS),
    ];
  }

  /** The group was joined, again: whatever is not committed is read anew, by this member or by another. */
  reset(): void {
    [this.#handled, this.#committed] = [new Map(), new Map()];
  }

  /** @returns what to say when a batch has come so far: false when the group was joined anew since it was handed out, and it counts for nothing. */
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

  /** Commits what is new, or waits for the commit that is under way. */
  flush(): Promise<void> {
    this.#committing ??= this.#commitNew().finally(() => {
      this.#committing = undefined;
    });
    return this.#committing;
  }

  /** The next commit says all that this member has said since it joined. */
  recommit(): void {
    this.#recommitAll = true;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#committing;
    await this.flush();
  }

  /** What fails stays, unless it has gone further meanwhile. */
  async #commitNew(): Promise<void> {
    const [handled, said] = [this.#handled, this.#committed];
    const offsets: PartitionOffsets = new Map([...(this.#recommitAll ? said : []), ...handled]);
    this.#recommitAll = false;
    if (offsets.size === 0) return;
    handled.clear();
    try {
      await this.#commit?.(byTopic(offsets));
      if (handled === this.#handled) this.#membership.committed();
      for (const [place, offset] of offsets) said.set(place, offset);
    } catch (error) {
      // What a membership that has ended is refused says nothing of the one after it.
      if (handled === this.#handled) this.#membership.commitFailed(error);
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
