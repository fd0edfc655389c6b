/** How load arrives. Open: at its own times, whatever becomes of it. Flood: as many on their way as said, as fast as they land. */
export type Pace =
  | { readonly kind: 'open'; readonly perSecond: number }
  | { readonly kind: 'flood'; readonly inFlight: number };

/** A shelter that takes whoever wishes its region and speaks its language: so that load spreads as people do. */
export interface TestShelter {
  readonly organisationId: string;
  readonly token: string;
  readonly region: string;
  readonly language: string;
}

/** Where the load goes. The offers and confirmations are looked up the same way for all: in the table that a reader would read. */
export type Target = {
  readonly databaseUrl: string;
  /** `$1`: ids of sagas. Gives `id` and `offer` (and `organisation` where the answer needs it). */
  readonly offersSql: string;
  /** `$1`: ids of sagas. Gives `id`. */
  readonly confirmedSql: string;
} & (
  | {
      readonly kind: 'road';
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

/** What came of a load. Latencies in milliseconds: from the intended start, and from the moment at which the offer was seen. */
export interface LoadResult {
  readonly begun: number;
  readonly finished: number;
  /** Begun, and not confirmed within a minute after the load: never left out in silence. */
  readonly unfinished: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly offered: readonly number[];
  readonly confirmed: readonly number[];
  /** Confirmations in the window, a second. */
  readonly perSecond: number;
  readonly generator: { readonly cpuSeconds: number; readonly late99: number };
}

export type FromGenerator =
  | { readonly kind: 'window-begins' | 'window-ends'; readonly finished: number }
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly reason: string };
