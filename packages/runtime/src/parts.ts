import { Gauge, type Registry } from 'prom-client';

/** A part of a service that must keep moving: a loop, or a dependency that others wait for. */
export interface Part {
  /** The part did something, or checked and found nothing to do. */
  moved(): void;
  /** While `work` runs, the part counts as not moved since `work` began. When it is done, the part has moved. A failure is not a move. */
  during<T>(work: () => Promise<T>): Promise<T>;
}

export interface PartState {
  readonly moving: boolean;
  readonly lastMovedSeconds: number;
}

/** After this time without a move, `/parts` shows the part as stalled. A healthy part moves at least once in three seconds. */
const STALLED_AFTER_SECONDS = 8;

/** Measures whether the parts of a process move. `now` is monotonic, in milliseconds. */
export class Parts {
  readonly #now: () => number;
  readonly #ages = new Map<string, () => number>();

  constructor(registry: Registry, now: () => number = () => performance.now()) {
    this.#now = now;
    const ages = this.#ages;
    new Gauge({
      name: 'opennrm_part_last_moved_seconds',
      help: 'How long ago a part of this process moved, or began what it has not finished',
      labelNames: ['part'] as const,
      registers: [registry],
      collect() {
        for (const [part, age] of ages) this.set({ part }, age());
      },
    });
  }

  add(name: string): Part {
    const running = new Set<{ readonly since: number }>();
    let last = this.#now();
    const moved = (): void => {
      last = this.#now();
    };
    this.#ages.set(name, () => {
      const oldest = Math.min(...[...running].map(({ since }) => since));
      return (this.#now() - (running.size > 0 ? oldest : last)) / 1_000;
    });
    return {
      moved,
      during: async (work) => {
        const current = { since: this.#now() };
        running.add(current);
        try {
          const result = await work();
          moved();
          return result;
        } finally {
          running.delete(current);
        }
      },
    };
  }

  /** The seconds since the part moved; undefined when there is no such part. */
  ageOf(name: string): number | undefined {
    return this.#ages.get(name)?.();
  }

  state(): Record<string, PartState> {
    return Object.fromEntries(
      [...this.#ages].map(([name, age]) => {
        const lastMovedSeconds = Math.round(age() * 10) / 10;
        return [name, { moving: lastMovedSeconds <= STALLED_AFTER_SECONDS, lastMovedSeconds }];
      }),
    );
  }
}
