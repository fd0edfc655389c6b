import type { Parts } from './pack.ts';

/** A problem of a pack, and its place. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export type Rule = (parts: Partial<Parts>) => Problem[];

/** A rule over several parts of a pack. Evaluated when each of them is valid by itself. */
export const ruleOver =
  <Name extends keyof Parts>(
    names: readonly Name[],
    wrong: (parts: Pick<Parts, Name>) => Problem[],
  ): Rule =>
  (parts) =>
    names.every((name) => parts[name] !== undefined) ? wrong(parts as Pick<Parts, Name>) : [];

export const codesOf = (entries: readonly { readonly code: string }[]): Set<string> =>
  new Set(entries.map((one) => one.code));
