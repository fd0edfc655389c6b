import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { type ClockSegment, segmentClock } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';

/** Drives the business time of every process that reads the same file (design rule 17). */
export interface ClockDriver {
  /** The value of `CLOCK_FILE`. */
  readonly path: string;
  now(): Instant;
  /** The segments so far, the oldest first. Segments are added and never changed. */
  segments(): readonly ClockSegment[];
  /** After about 100 ms business time runs `rate` times as fast as real time; 0 stops it. Resolves when all processes use it. */
  setRate(rate: number): Promise<void>;
  /** Moves business time forward, in milliseconds. Resolves when all processes use it. */
  advance(milliseconds: number): Promise<void>;
}

/** A segment begins this far in the future, so that every process has read it before it is used. */
const AHEAD_MS = 100;

/** Writes the file with a first segment that begins now. `business` is an instant in milliseconds. */
export function createClockDriver(
  path: string,
  start: { readonly business: number; readonly rate: number },
): ClockDriver {
  const first: ClockSegment = {
    wall: Date.now(),
    business: start.business,
    rate: checkedRate(start.rate),
  };
  const segments = [first];
  mkdirSync(dirname(path), { recursive: true });
  const write = (): void => {
    writeFileSync(`${path}.next`, `${JSON.stringify({ segments })}\n`);
    renameSync(`${path}.next`, path);
  };
  const add = async (change: (at: ClockSegment) => ClockSegment): Promise<void> => {
    const last = segments.at(-1) ?? first;
    const wall = Math.max(Date.now() + AHEAD_MS, last.wall); // not before a segment that has not begun yet
    segments.push(
      change({ wall, business: last.business + (wall - last.wall) * last.rate, rate: last.rate }),
    );
    write();
    await pauseFor(Math.max(0, wall - Date.now()) + 1);
  };
  write();
  return {
    path,
    now: segmentClock(() => segments).now,
    segments: () => segments,
    setRate: (rate) => add((at) => ({ ...at, rate: checkedRate(rate) })),
    advance: async (milliseconds) => {
      if (!(milliseconds >= 0))
        throw new RangeError('advance: milliseconds must not be negative; time never goes back');
      await add((at) => ({ ...at, business: at.business + milliseconds }));
    },
  };
}

function checkedRate(rate: number): number {
  if (!(rate >= 0 && Number.isFinite(rate)))
    throw new RangeError('rate: must be a finite number of at least 0');
  return rate;
}
