import { cpus, totalmem } from 'node:os';
import type { Measured } from '../load/run.ts';
import type { Measurement, Measurements } from './findings.ts';

/** A profile, as text. */
export interface Profile {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface Report {
  readonly at: string;
  readonly quick: boolean;
  readonly machine: {
    readonly cores: number;
    readonly processor: string;
    readonly memoryGiB: number;
    readonly node: string;
    /** Load average of the minute before the run. Above 0.5 the run also measured other programs. */
    readonly loadBefore: number;
  };
  readonly loads: readonly Measured[];
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
  readonly profiles: readonly Profile[];
}

export function reportOf(
  measurements: Measurements,
  quick: boolean,
  loadBefore: number,
  profiles: readonly Profile[],
): Report {
  const machine = {
    cores: cpus().length,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.versions.node,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadBefore: Math.round(loadBefore * 100) / 100,
  };
  return {
    at: new Date().toISOString().slice(0, 16).replace('T', ' '),
    quick,
    machine,
    profiles,
    loads: measurements.loads,
    measurements: measurements.list,
    notes: measurements.notes,
  };
}
