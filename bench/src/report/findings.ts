import type { Measured } from '../load/run.ts';
import type { Part } from '../options.ts';

/** A measured number, with its aim where one was stated. */
export interface Measurement {
  readonly part: Part;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly aim?: Aim;
}

export interface Aim {
  readonly side: 'at most' | 'at least';
  readonly limit: number;
}

export const isMet = ({ value, aim }: Measurement): boolean | undefined =>
  aim && (aim.side === 'at most' ? value <= aim.limit : value >= aim.limit);

/** The distance of a number from its aim: 1.3 means 30 % too low or 30 % too high. */
export const shortfallOf = ({ value, aim }: Measurement): number =>
  aim ? (aim.side === 'at most' ? value / aim.limit : aim.limit / value) : 1;

/** All results of a run; the parts add to it. */
export class Measurements {
  readonly loads: Measured[] = [];
  readonly list: Measurement[] = [];
  readonly notes: string[] = [];

  load(measured: Measured): void {
    this.loads.push(measured);
    const failed = Object.entries(measured.failures);
    for (const [what, count] of failed) this.notes.push(`${measured.name}: ${count} × ${what}`);
    if (measured.unfinished > 0)
      this.notes.push(
        `${measured.name}: ${measured.unfinished} of ${measured.begun} were not confirmed in time`,
      );
  }

  add(finding: Measurement): void {
    this.list.push({ ...finding, value: Math.round(finding.value * 1_000) / 1_000 });
  }

  find(name: string): Measured | undefined {
    return this.loads.find((one) => one.name === name);
  }
}
