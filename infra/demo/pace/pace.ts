import type { ClockDriver, Platform } from '@opennrm/infra/local';
import { delayOf, readMetrics, realAge, type ServiceMetrics } from './delay.ts';
import { nextRate, type RateLimits } from './rate.ts';

const SLOWEST = 150;
/** A smaller change is not worth a new segment of the clock. */
const SMALLEST_CHANGE = 0.1;
const ANSWERS_WITHIN_MS = 500;
const PRINT_AGAIN_MS = 5_000;

/** Keeps the simulated clock as fast as the platform can follow, and prints when it slows down. */
export class Pace {
  readonly #platform: Platform;
  readonly #limits: RateLimits;
  readonly #print: (line: string) => void;
  readonly #before = new Map<string, ServiceMetrics>();
  #rate: number;
  #printedAt = 0;

  constructor(platform: Platform, fastest: number, printLine: (line: string) => void) {
    this.#platform = platform;
    this.#limits = { slowest: SLOWEST, fastest };
    this.#rate = fastest;
    this.#print = printLine;
  }

  async check(): Promise<void> {
    const { clock, services } = this.#platform;
    if (!clock) return;
    const delay = Math.max(
      ...(await Promise.all(services.map((one) => this.#delay(one.name, one.healthUrl, clock)))),
    );
    const rate = nextRate(this.#rate, delay, this.#limits);
    if (rate === this.#rate || this.#isSmallChange(rate)) return;
    if (rate < this.#rate) this.#printSlower(delay * this.#rate, rate);
    this.#rate = rate;
    await clock.setRate(rate);
  }

  #isSmallChange(rate: number): boolean {
    if (rate === this.#limits.fastest) return false;
    return Math.abs(rate - this.#rate) < this.#rate * SMALLEST_CHANGE;
  }

  /** A service that does not answer has an endless delay: people who wait for it would wait in simulated time too. */
  async #delay(name: string, healthUrl: string, clock: ClockDriver): Promise<number> {
    try {
      const answer = await fetch(`${healthUrl}/metrics`, {
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      });
      const metrics = readMetrics(await answer.text());
      const before = this.#before.get(name);
      this.#before.set(name, metrics);
      return delayOf(metrics, before, (age) => realAge(clock.segments(), clock.now(), age));
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  }

  #printSlower(lagMs: number, rate: number): void {
    if (Date.now() - this.#printedAt < PRINT_AGAIN_MS) return;
    this.#printedAt = Date.now();
    const why = Number.isFinite(lagMs)
      ? `Events lag by ${Math.round(lagMs / 60_000)} simulated minutes`
      : 'A service does not answer';
    this.#print(`${why}: slowing down to ${Math.round(rate)} times real time.`);
  }
}
