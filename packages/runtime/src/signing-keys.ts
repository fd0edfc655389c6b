import { errors, type JWTVerifyGetKey } from 'jose';
import { keySetOf } from './key-set.ts';
import type { Log } from './log.ts';

/** The issuer's keys are unavailable, so tokens cannot be checked. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

const FETCH_WITHIN_MS = 5_000;
const FRESH_FOR_MS = 600_000;
/**
 * How long the last good keys are used while the issuer is away. A key that was revoked in that time is valid for no longer than this.
 */
const GOOD_FOR_MS = 24 * 3_600_000;
const FETCH_AGAIN_AFTER_MS = 30_000;
const TRY_AGAIN_AFTER_MS = 2_000;

interface Settings {
  readonly address: string;
  readonly log: Pick<Log, 'warn'>;
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
}

/**
 * The public keys of an issuer at an address. They are fetched when needed, cached, and fetched again when they are old or a token names
 * an unknown key.
 */
export class SigningKeys {
  readonly #settings: Settings;
  #good: { readonly find: JWTVerifyGetKey; readonly at: number } | undefined;
  #fetching: Promise<void> | undefined;
  #asked = Number.NEGATIVE_INFINITY;
  #failed = false;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** @throws KeysUnavailable, or jose's JWKSNoMatchingKey when the issuer has no such key. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (!this.#usable()) await this.#refresh(TRY_AGAIN_AFTER_MS);
    else if (this.#age() > FRESH_FOR_MS) void this.#refresh(TRY_AGAIN_AFTER_MS);
    const good = this.#usable();
    if (!good) throw new KeysUnavailable();
    try {
      return await good.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return this.#findNew(error, header, token);
    }
  };

  /** An unknown key may be a new one: it counts as missing only after the issuer was asked again. */
  async #findNew(
    error: Error,
    ...[header, token]: Parameters<JWTVerifyGetKey>
  ): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    await this.#refresh(this.#failed ? TRY_AGAIN_AFTER_MS : FETCH_AGAIN_AFTER_MS);
    if (this.#failed) throw new KeysUnavailable();
    if (!this.#good) throw error;
    return this.#good.find(header, token);
  }

  #usable() {
    return this.#good && this.#age() <= GOOD_FOR_MS ? this.#good : undefined;
  }

  #now(): number {
    return this.#settings.now?.() ?? performance.now();
  }

  #age(): number {
    return this.#now() - (this.#good?.at ?? Number.NEGATIVE_INFINITY);
  }

  /** One fetch for all waiting callers, not sooner than `afterMs` after the last. A failure is recorded, not thrown. */
  async #refresh(afterMs: number): Promise<void> {
    if (!this.#fetching && this.#now() - this.#asked < afterMs) return;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    await this.#fetching;
  }

  async #fetch(): Promise<void> {
    const { address, log } = this.#settings;
    try {
      const response = await fetch(address, {
        signal: AbortSignal.timeout(FETCH_WITHIN_MS),
        redirect: 'error',
      });
      if (!response.ok) throw new Error('the issuer does not give its keys');
      this.#good = { find: keySetOf(await response.json()), at: this.#now() };
      this.#failed = false;
    } catch (error) {
      this.#failed = true;
      log.warn(
        { error: (error as Error).name },
        'the keys of the issuer cannot be fetched, trying again',
      );
    }
    this.#asked = this.#now();
  }
}
