import { createHash } from 'node:crypto';
import { randomBeta, randomLcg, randomLogNormal } from 'd3-random';
import type { Delay, Shares } from './figures.ts';

/** Random values that are the same for the same words, so that a provider's answer does not depend on the order of offers. */
export interface Chance {
  /** 0 ≤ x < 1 */
  next(): number;
  happens(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** One name, drawn by its share. */
  among(shares: Shares): string;
  /** A list of names, each included with its own probability. */
  some(shares: Shares): string[];
  /** A log-normal value in hours, from its median and 90th percentile. */
  hours(delay: Delay): number;
  /** A share with this mean; a smaller concentration gives values further from it. */
  share(mean: number, concentration: number): number;
  uuid(): string;
}

const NORMAL_P90 = 1.2816;

export function chance(...words: (string | number)[]): Chance {
  const seed = createHash('sha256').update(words.join('/')).digest();
  const source = randomLcg(seed.readUInt32BE(0) / 2 ** 32);
  for (let warm = 0; warm < 3; warm++) source();
  const among = (shares: Shares): string => {
    let remaining = source() * Object.values(shares).reduce((sum, share) => sum + share, 0);
    for (const [name, share] of Object.entries(shares)) {
      remaining -= share;
      if (remaining < 0) return name;
    }
    return Object.keys(shares).at(-1) ?? '';
  };
  return {
    next: source,
    happens: (share) => source() < share,
    pick: <T>(list: readonly T[]) => list[Math.floor(source() * list.length)] as T,
    among,
    some: (shares) =>
      Object.entries(shares).flatMap(([name, share]) => (source() < share ? [name] : [])),
    hours: ([median, p90]) =>
      randomLogNormal.source(source)(Math.log(median), Math.log(p90 / median) / NORMAL_P90)(),
    share: (mean, concentration) =>
      randomBeta.source(source)(mean * concentration, (1 - mean) * concentration)(),
    uuid() {
      const bytes = createHash('sha256')
        .update(seed)
        .update(String(source()))
        .digest()
        .subarray(0, 16);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      const hex = bytes.toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  };
}
