import { z } from 'zod';

/** A code that events and journals may contain: readable for machines, and without personal data. */
export const code = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'must be a code: small letters, digits and hyphens');

/** A code and its label for people. */
export const coded = z.object({ code, label: z.string().min(1) });

export const hasNoDuplicates = (entries: readonly { readonly code: string }[]): boolean =>
  new Set(entries.map((one) => one.code)).size === entries.length;

/** One or more codes, each once. */
export const list = z.array(coded).min(1).refine(hasNoDuplicates, 'names a code twice');

export type Coded = z.infer<typeof coded>;
