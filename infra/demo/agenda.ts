import type { Instant } from '@opennrm/runtime/decision';

interface Entry {
  readonly at: Instant;
  readonly work: () => Promise<void>;
}

/** The planned actions of synthetic people, with their business times. */
export class Agenda {
  #entries: Entry[] = [];
  #sorted = true;
  #running = 0;
  readonly #atOnce: number;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  add(at: Instant, work: () => Promise<void>): void {
    this.#entries.push({ at, work });
    this.#sorted = false;
  }

  /** Begins all due actions, up to a number at the same time. The others wait for the next call. */
  begin(now: Instant): void {
    if (!this.#sorted) this.#entries.sort((a, b) => b.at - a.at);
    this.#sorted = true;
    while (this.#running < this.#atOnce) {
      const next = this.#entries.at(-1);
      if (!next || next.at > now) return;
      this.#entries.pop();
      this.#running++;
      void next.work().finally(() => {
        this.#running--;
      });
    }
  }

  get running(): number {
    return this.#running;
  }
}
