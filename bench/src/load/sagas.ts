import { randomUUID } from 'node:crypto';
import type { SeenOffer, System } from './system.ts';

interface Saga {
  readonly nth: number;
  /** The intended start: the delay of a late generator counts too. Milliseconds of `performance.now()`. */
  readonly intended: number;
  offeredAt?: number;
  confirmedAt?: number;
}

/** The sagas of one load: those in progress, and how long each part took. */
export class Sagas {
  readonly #system: System;
  readonly #all = new Map<string, Saga>();
  readonly #toOffer = new Set<string>();
  readonly #toConfirm = new Set<string>();
  readonly failures: Record<string, number> = {};
  #nth = 0;
  finished = 0;
  /** Milliseconds of `performance.now()`; undefined when no saga was confirmed. */
  lastConfirmedAt: number | undefined;

  constructor(system: System) {
    this.#system = system;
  }

  get inFlight(): number {
    return this.#toOffer.size + this.#toConfirm.size;
  }

  begin(intended: number): void {
    const id = randomUUID();
    const nth = this.#nth++;
    this.#all.set(id, { nth, intended });
    this.#toOffer.add(id);
    this.#system.request(id, nth).catch((error: Error) => this.#failed(id, 'request', error));
  }

  awaitingOffer(): string[] {
    return [...this.#toOffer];
  }

  awaitingConfirmation(): string[] {
    return [...this.#toConfirm];
  }

  /** The provider answers at once: the time that people need is not measured here. */
  offered(seen: SeenOffer, at: number): void {
    const saga = this.#all.get(seen.id);
    if (!saga || !this.#toOffer.delete(seen.id)) return;
    saga.offeredAt = at;
    this.#toConfirm.add(seen.id);
    this.#system.accept(seen).catch((error: Error) => this.#failed(seen.id, 'accept', error));
  }

  confirmed(id: string, at: number): void {
    const saga = this.#all.get(id);
    if (!saga || !this.#toConfirm.delete(id)) return;
    saga.confirmedAt = at;
    this.lastConfirmedAt = at;
    this.finished++;
  }

  /** The sagas whose intended start is within a window. */
  begunIn(from: number, until: number): Saga[] {
    return [...this.#all.values()].filter(({ intended }) => intended >= from && intended < until);
  }

  finishedIn(from: number, until: number): number {
    return [...this.#all.values()].filter(
      ({ confirmedAt = 0 }) => confirmedAt >= from && confirmedAt < until,
    ).length;
  }

  #failed(id: string, what: string, { message }: Error): void {
    const name = `${what}: ${message.slice(0, 160)}`;
    this.failures[name] = (this.failures[name] ?? 0) + 1;
    this.#toOffer.delete(id);
    this.#toConfirm.delete(id);
  }
}
