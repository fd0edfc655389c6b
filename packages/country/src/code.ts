import { z } from 'zod';

/** A word that may stand in events and journals: it says what it is to a machine, and nothing of a person. */
export const code = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'must be a code: small letters, digits and hyphens');

/** A code, and what it says to people. */
export const coded = z.object({ code, label: z.string().min(1) });

export const hasNoDuplicates = (entries: readonly { readonly code: string }[]): boolean =>
  new Set(entries.map((one) => one.code)).size === entries.length;

/** One or more codes, each once. */
export const list = z.array(coded).min(1).refine(hasNoDuplicates, 'names a code twice');

export type Coded = z.infer<typeof coded>;
