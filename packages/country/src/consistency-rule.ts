import type { Parts } from './pack.ts';

/** Something to mend, and where it stands. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export type Rule = (parts: Partial<Parts>) => Problem[];

/** A rule over some parts of a pack: asked where each of them is right by itself. */
export const ruleOver =
  <Name extends keyof Parts>(
    names: readonly Name[],
    wrong: (parts: Pick<Parts, Name>) => Problem[],
  ): Rule =>
  (parts) =>
    names.every((name) => parts[name] !== undefined) ? wrong(parts as Pick<Parts, Name>) : [];

export const codesOf = (entries: readonly { readonly code: string }[]): Set<string> =>
  new Set(entries.map((one) => one.code));
