import { findInconsistencies } from './consistency.ts';
import type { Problem } from './consistency-rule.ts';
import { type Parts, schema } from './pack.ts';

/** Reads each part by itself, and checks the valid parts together, so that all problems are reported at once. */
export function readParts(
  content: Readonly<Record<string, unknown>>,
): Parts | { readonly problems: Problem[] } {
  const read = Object.entries(schema.shape).map(([name, part]) => ({
    name,
    ...part.safeParse(content[name]),
  }));
  const problems = read.flatMap(({ name, error }) =>
    (error?.issues ?? []).map(({ path, message }): Problem => ({ path: [name, ...path], message })),
  );
  const right = Object.fromEntries(
    read.flatMap((one) => (one.success ? [[one.name, one.data]] : [])),
  );
  problems.push(...findInconsistencies(right));
  return problems.length > 0 ? { problems } : (right as Parts);
}
