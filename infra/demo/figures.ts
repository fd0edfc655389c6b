import calibration from './calibration.json' with { type: 'json' };

const byId = new Map(calibration.figures.map((figure) => [figure.id, figure.value as unknown]));

/** A figure of the calibration by its id; the file names its source and how reliable it is. */
export function figure<T>(id: string): T {
  if (!byId.has(id)) throw new Error(`the calibration has no figure ${id}`);
  return byId.get(id) as T;
}

/** Shares by name that sum to about one. */
export type Shares = Readonly<Record<string, number>>;
/** Median and 90th percentile, in hours. */
export type Delay = readonly [number, number];
