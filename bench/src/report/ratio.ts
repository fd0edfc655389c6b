import type { Measured } from '../load/run.ts';
import type { Measurement } from './findings.ts';

/** A value, or the reason why there is none. */
export type ValueOrReason = Pick<Measurement, 'value' | 'remark'>;

/** A number of a load. A load that the machine does not carry has none. */
export function figureOf(load: Measured, read: (load: Measured) => number): ValueOrReason {
  if (!load.carried) return notMeasured(`the machine does not carry ${load.name}`);
  return { value: read(load) };
}

/** A number of one load divided by that of another. */
export function ratioOf(
  one: Measured,
  other: Measured,
  read: (load: Measured) => number,
): ValueOrReason {
  const refused = [one, other].find(({ carried }) => !carried);
  if (refused) return figureOf(refused, read);
  const divisor = read(other);
  if (!(divisor > 0)) return notMeasured(`nothing was measured for ${other.name}`);
  return { value: read(one) / divisor };
}

export const notMeasured = (remark: string): ValueOrReason => ({ value: undefined, remark });
