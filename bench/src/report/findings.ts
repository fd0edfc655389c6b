import type { Measured } from '../load/run.ts';
import type { Part } from '../options.ts';

/** A measured number, with its aim where one was stated. */
export interface Measurement {
  readonly part: Part;
  readonly what: string;
  /** Undefined when this run did not measure it; `remark` then says why. */
  readonly value: number | undefined;
  readonly unit: string;
  readonly aim?: Aim;
  /** Why there is no value, or why there is no aim on this machine. */
  readonly remark?: string;
}

export interface Aim {
  readonly side: 'at most' | 'at least';
  readonly limit: number;
}

/** Undefined when there is no aim or no value. */
export const isMet = ({ value, aim }: Measurement): boolean | undefined => {
  if (!aim || value === undefined) return undefined;
  return aim.side === 'at most' ? value <= aim.limit : value >= aim.limit;
};

/** The distance of a number from its aim: 1.3 means 30 % too low or 30 % too high. */
export const shortfallOf = ({ value, aim }: Measurement): number => {
  if (!aim || value === undefined) return 1;
  return aim.side === 'at most' ? value / aim.limit : aim.limit / value;
};

/** All results of a run; the parts add to it. */
export class Measurements {
  readonly loads: Measured[] = [];
  readonly list: Measurement[] = [];
  readonly notes: string[] = [];

  load(measured: Measured): void {
    this.loads.push(measured);
    const failed = Object.entries(measured.failures);
    for (const [what, count] of failed) this.notes.push(`${measured.name}: ${count} × ${what}`);
    if (!measured.carried)
      this.notes.push(
        `${measured.name}: the machine does not carry this load; ${measured.perSecond}/s were confirmed in the whole run`,
      );
    if (measured.unfinished > 0)
      this.notes.push(
        `${measured.name}: ${measured.unfinished} of ${measured.begun} were not confirmed in time`,
      );
  }

  add(finding: Measurement): void {
    const { value } = finding;
    const rounded = value === undefined ? undefined : Math.round(value * 1_000) / 1_000;
    this.list.push({ ...finding, value: rounded });
  }

  find(name: string): Measured | undefined {
    return this.loads.find((one) => one.name === name);
  }
}
