import type { Platform } from '@opennrm/infra/local';
import { minutes } from '@opennrm/runtime/decision';

/** Events may lag behind the simulated clock by so much; beyond it the clock slows down. */
const LAG_AT_MOST_MS = minutes(10);
const CALM_MS = minutes(4);
const SLOWEST = 150;

/** Keeps the simulated clock as fast as the platform can follow, and says when it slows down. */
export class Pace {
  readonly #platform: Platform;
  readonly #fastest: number;
  readonly #say: (line: string) => void;
  #rate: number;
  #slowed = 0;
  #saidAt = 0;

  constructor(platform: Platform, fastest: number, printLine: (line: string) => void) {
    this.#platform = platform;
    this.#fastest = fastest;
    this.#rate = fastest;
    this.#say = printLine;
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
      // Half of the lag that is allowed is aimed at, so that the clock does not swing between its ends.
      this.#rate = Math.max(SLOWEST, this.#rate * Math.max(0.3, LAG_AT_MOST_MS / 2 / lag));
      this.#slowed++;
      await clock.setRate(this.#rate);
      if (Date.now() - this.#saidAt < 5_000) return;
      this.#saidAt = Date.now();
      this.#say(
        `Events lag by ${Math.round(lag / 60_000)} simulated minutes: slowing down to ${Math.round(this.#rate)} times life.`,
      );
    } else if (lag < CALM_MS && this.#rate < this.#fastest) {
      this.#rate = Math.min(this.#fastest, this.#rate * 1.5);
      await clock.setRate(this.#rate);
    }
  }
}

/** The larger of: how late the last event was handled, and how long the oldest waits to be sent. Business milliseconds. */
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
    return LAG_AT_MOST_MS + 1; // it is away: whoever waits for it waits in simulated time too
  }
}
