import type { Platform } from '@opennrm/infra/local';
import { minutes } from '@opennrm/runtime/decision';

/** The largest allowed lag of events behind the simulated clock. Above it the clock slows down. */
const LAG_AT_MOST_MS = minutes(10);
const CALM_MS = minutes(4);
const SLOWEST = 150;

/** Keeps the simulated clock as fast as the platform can follow, and prints when it slows down. */
export class Pace {
  readonly #platform: Platform;
  readonly #fastest: number;
  readonly #print: (line: string) => void;
  #rate: number;
  #slowed = 0;
  #printedAt = 0;

  constructor(platform: Platform, fastest: number, printLine: (line: string) => void) {
    this.#platform = platform;
    this.#fastest = fastest;
    this.#rate = fastest;
    this.#print = printLine;
  }

  /** How often the clock was slowed down. */
  get slowed(): number {
    return this.#slowed;
  }

  async check(): Promise<void> {
    const { clock } = this.#platform;
    if (!clock) return;
    const lag = Math.max(
      ...(await Promise.all(
        this.#platform.services.map((one) => lagOf(one.healthUrl, this.#rate)),
      )),
    );
    if (lag > LAG_AT_MOST_MS && this.#rate > SLOWEST) {
      // The aim is half of the allowed lag, so that the speed does not oscillate.
      this.#rate = Math.max(SLOWEST, this.#rate * Math.max(0.3, LAG_AT_MOST_MS / 2 / lag));
      this.#slowed++;
      await clock.setRate(this.#rate);
      if (Date.now() - this.#printedAt < 5_000) return;
      this.#printedAt = Date.now();
      this.#print(
        `Events lag by ${Math.round(lag / 60_000)} simulated minutes: slowing down to ${Math.round(this.#rate)} times real time.`,
      );
    } else if (lag < CALM_MS && this.#rate < this.#fastest) {
      this.#rate = Math.min(this.#fastest, this.#rate * 1.5);
      await clock.setRate(this.#rate);
    }
  }
}

/** The larger of two lags: of the last handled event, and of the oldest message that waits to be sent. Business milliseconds. */
async function lagOf(healthUrl: string, rate: number): Promise<number> {
  try {
    const text = await (
      await fetch(`${healthUrl}/metrics`, { signal: AbortSignal.timeout(2_000) })
    ).text();
    const value = (name: string): number =>
      Number(new RegExp(`^opennrm_${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
    return Math.max(
      value('event_age_seconds') * 1_000,
      value('outbox_oldest_seconds') * 1_000 * rate,
    );
  } catch {
    return LAG_AT_MOST_MS + 1; // the service does not answer, so the clock slows down: people who wait for it wait in simulated time too
  }
}
