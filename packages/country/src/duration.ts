import { z } from 'zod';

const UNIT_MS = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration in readable form: `30 s`, `2 min`, `24 h`, `10 d`. Read as milliseconds. */
export const duration = z
  .string()
  .regex(/^\d{1,6} (s|min|h|d)$/, 'must be a duration like 30 s, 2 min, 24 h or 10 d')
  .transform((text) => {
    const [number, unit] = text.split(' ');
    return Number(number) * (UNIT_MS[unit as keyof typeof UNIT_MS] ?? Number.NaN);
  });
