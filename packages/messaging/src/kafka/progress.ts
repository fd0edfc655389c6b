import type { TopicPartitionOffset } from 'kafkajs';

const COMMIT_EVERY_MS = 200;

/**
 * Commits how far a consumer is, a few times a second: a commit for each slice costs the broker as much as the slice. What was handled and not
 * committed when a process dies is handed out again, and known as a repeat by its number (design rule 10).
 */
export class Progress {
  readonly #commit: (offsets: TopicPartitionOffset[]) => Promise<void>;
  readonly #committing: NodeJS.Timeout;
  #handled = new Map<string, TopicPartitionOffset>();

  constructor(commit: (offsets: TopicPartitionOffset[]) => Promise<void>) {
    this.#commit = commit;
    this.#committing = setInterval(() => void this.flush(), COMMIT_EVERY_MS);
  }

  /** The group was joined, again: whatever is not committed is read anew, by this member or by another. */
  begin(): void {
    this.#handled = new Map();
  }

  /** @returns what to say when a batch has come so far; said after a newer `begin`, it counts for nothing. */
  of(topic: string, partition: number): (lastOffset: string) => void {
    const handled = this.#handled;
    return (lastOffset) =>
      void handled.set(`${topic} ${partition}`, { topic, partition, offset: `${BigInt(lastOffset) + 1n}` });
  }

  /** Commits what is new. What fails stays, unless it has gone further meanwhile. */
  async flush(): Promise<void> {
    const [handled, offsets] = [this.#handled, new Map(this.#handled)];
    if (offsets.size === 0) return;
    handled.clear();
    await this.#commit([...offsets.values()]).catch(() => {
      for (const [place, offset] of offsets) if (!handled.has(place)) handled.set(place, offset);
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#committing);
    await this.flush();
  }
}
