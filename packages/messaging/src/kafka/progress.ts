import type { TopicPartitionOffset } from 'kafkajs';

const COMMIT_EVERY_MS = 200;
const SAY_AGAIN_EVERY_MS = 5_000;

/**
 * Commits how far a consumer is, a few times a second: a commit for each slice costs the broker as much as the slice. What was handled and not
 * committed when a process dies is handed out again, and known as a repeat by its number (design rule 10).
 *
 * One commit at a time: kafkajs tries one again for seconds while the broker for it is away, and an older one that arrives after a newer one would put
 * the group back. Across a rebalance that can still happen, so what was said last is said again now and then.
 */
export class Progress {
  readonly #commit: (offsets: TopicPartitionOffset[]) => Promise<void>;
  readonly #timers: readonly NodeJS.Timeout[];
  #handled = new Map<string, TopicPartitionOffset>();
  #said = new Map<string, TopicPartitionOffset>();
  #underWay: Promise<void> | undefined;

  constructor(commit: (offsets: TopicPartitionOffset[]) => Promise<void>) {
    this.#commit = commit;
    this.#timers = [
      setInterval(() => void this.flush(), COMMIT_EVERY_MS),
      setInterval(() => this.sayAgain(), SAY_AGAIN_EVERY_MS),
    ];
  }

  /** The group was joined, again: whatever is not committed is read anew, by this member or by another. */
  begin(): void {
    [this.#handled, this.#said] = [new Map(), new Map()];
  }

  /** @returns what to say when a batch has come so far: false when the group was joined anew since it was handed out, and it counts for nothing. */
  of(topic: string, partition: number): (lastOffset: string) => boolean {
    const handled = this.#handled;
    return (lastOffset) => {
      if (handled !== this.#handled) return false;
      handled.set(`${topic} ${partition}`, { topic, partition, offset: `${BigInt(lastOffset) + 1n}` });
      return true;
    };
  }

  /** Commits what is new, or waits for the commit that is under way. */
  flush(): Promise<void> {
    this.#underWay ??= this.#commitNew().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** The next commit says all that this member has said since it joined. */
  sayAgain(): void {
    for (const [place, offset] of this.#said) if (!this.#handled.has(place)) this.#handled.set(place, offset);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#underWay;
    await this.flush();
  }

  /** What fails stays, unless it has gone further meanwhile. */
  async #commitNew(): Promise<void> {
    const [handled, said, offsets] = [this.#handled, this.#said, new Map(this.#handled)];
    if (offsets.size === 0) return;
    handled.clear();
    try {
      await this.#commit([...offsets.values()]);
      for (const [place, offset] of offsets) said.set(place, offset);
    } catch {
      for (const [place, offset] of offsets) if (!handled.has(place)) handled.set(place, offset);
    }
  }
}
