/** The folder with the pure rules of a service, or of the package `holding`. */
export const rulesOf = (name: string): string =>
  name === 'holding' ? 'packages/holding/src' : `services/${name}/src/domain`;

/** Lines of one file, both included, counted from one. */
export interface Lines {
  readonly file: string;
  readonly first: number;
  readonly last: number;
}

/** Lines in a range. A change must be inside one range completely, and ranges of a few lines exclude only few changes. */
const LINES = 4;

/** Cuts files into ranges of a few lines. */
export const rangesOf = (
  files: readonly { readonly file: string; readonly lines: number }[],
): Lines[] =>
  files.flatMap(({ file, lines }) =>
    Array.from({ length: Math.ceil(lines / LINES) }, (_, nth) => ({
      file,
      first: nth * LINES + 1,
      last: Math.min(lines, (nth + 1) * LINES),
    })),
  );

/** The same order for the same seed. */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const order = [...items];
  let state = seed >>> 0;
  for (let nth = order.length - 1; nth > 0; nth--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (nth + 1));
    const [here, there] = [order[nth] as Item, order[other] as Item];
    order[nth] = there;
    order[other] = here;
  }
  return order;
}
