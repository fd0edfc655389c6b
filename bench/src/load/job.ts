/**
 * How requests arrive. Open: at fixed times, also when the system is slow. Flood: a fixed number is in progress; each that ends is
 * replaced at once.
 */
export type Pace =
  | { readonly kind: 'open'; readonly perSecond: number }
  | { readonly kind: 'flood'; readonly inFlight: number };

/** A shelter that serves one region and one language, so that the load spreads over shelters as real people do. */
export interface TestShelter {
  readonly organisationId: string;
  readonly token: string;
  readonly region: string;
  readonly language: string;
}

/**
 * Where the load is sent. Offers and confirmations are looked up in the same way for every system: in the table that a reader would
 * query.
 */
export type Target = {
  readonly databaseUrl: string;
  /** `$1`: ids of sagas. Returns `id` and `offer`, and `organisation` where the answer needs it. */
  readonly offersSql: string;
  /** `$1`: ids of sagas. Returns `id`. */
  readonly confirmedSql: string;
} & (
  | {
      readonly kind: 'platform';
      readonly address: string;
      readonly responders: readonly string[];
      readonly testShelters: readonly TestShelter[];
    }
  | { readonly kind: 'lines'; readonly port: number }
);

export interface Job {
  readonly name: string;
  readonly pace: Pace;
  readonly target: Target;
  readonly warmSeconds: number;
  readonly seconds: number;
}

/** The result of a load. Latencies in milliseconds: from the intended start, and from the moment at which the offer was seen. */
export interface LoadResult {
  readonly begun: number;
  readonly finished: number;
  /** Sagas that were begun and not confirmed within a minute after the load. The report always states their number. */
  readonly unfinished: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly offered: readonly number[];
  readonly confirmed: readonly number[];
  readonly confirmedInWindow: number;
  /** Sagas on their way at equal intervals in the window. */
  readonly onTheirWay: readonly number[];
  /** In the whole run: sagas confirmed ÷ time from the first request to the last confirmation. */
  readonly perSecondOfRun: number;
  readonly generator: { readonly cpuSeconds: number; readonly late99: number };
}

export type FromGenerator =
  | { readonly kind: 'window-begins' | 'window-ends'; readonly finished: number }
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly reason: string };
