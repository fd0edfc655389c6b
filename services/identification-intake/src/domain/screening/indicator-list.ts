/** The strength of an indicator, from the survey of experts (ILO/EC operational indicators, 2009). */
export type Strength = 'strong' | 'medium' | 'weak';

export interface Indicator {
  readonly code: string;
  readonly title: string;
  /** Undefined when the list does not use it for this age. */
  readonly adult?: Strength | undefined;
  readonly child?: Strength | undefined;
}

/** How many indicators of each strength make a dimension positive. Each number is a minimum. */
export interface Threshold {
  readonly strong?: number | undefined;
  readonly medium?: number | undefined;
  readonly weak?: number | undefined;
  readonly mediumOrWeak?: number | undefined;
}

/** The result of the indicators. A person concludes. */
export type Result = 'indicated' | 'not-indicated' | 'insufficient';

/**
 * A row of the table. It fits when every dimension of `all` is positive, and one of `any` if any are named. The first row that fits
 * decides.
 */
export interface TableRow {
  readonly rule: string;
  readonly all: readonly string[];
  readonly any: readonly string[];
  readonly result: Result;
  readonly advice: string;
}

/** A versioned list of indicators with its table, as data of the country (`domain.md` §2). */
export interface IndicatorList {
  readonly id: string;
  readonly version: string;
  readonly dimensions: readonly {
    readonly code: string;
    readonly indicators: readonly Indicator[];
  }[];
  readonly positive: readonly Threshold[];
  readonly rules: { readonly adult: readonly TableRow[]; readonly child: readonly TableRow[] };
}

/** Lists by `id` (the newest version of the loaded pack) and by `id@version`, also those of older packs. */
export type Lists = ReadonlyMap<string, IndicatorList>;

/**
 * The lists of all packs that were ever loaded; the current pack is the last. A screening is evaluated by the version that it began with.
 */
export function listsOf(
  packs: readonly { readonly indicators: readonly IndicatorList[] }[],
): Lists {
  const current = packs.at(-1)?.indicators ?? [];
  const byAge = current.toSorted((a, b) =>
    a.version.localeCompare(b.version, 'en', { numeric: true }),
  );
  const all = packs.flatMap(({ indicators }) => indicators);
  return new Map([
    ...all.map((list) => [`${list.id}@${list.version}`, list] as const),
    ...byAge.map((list) => [list.id, list] as const),
  ]);
}
