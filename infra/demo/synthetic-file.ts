import { chance } from './chance.ts';

/** Invented content of a person's file, by section. Every value has the same rare word, so that a search finds each leak. */
export type SyntheticFile = Readonly<Record<'identity' | 'contact' | 'safety', string>>;

/** No real name contains it. */
export const RARE_WORD = 'Quirxel';

export function syntheticFile(seed: number, nth: number): SyntheticFile {
  const person = chance(seed, 'made-up', nth);
  const name = `${RARE_WORD}-${nth} ${person.pick(['Ada', 'Bo', 'Cleo', 'Dara'])} Invented`;
  return {
    identity: `${name}, born in ${RARE_WORD}ville`,
    contact: `${RARE_WORD.toLowerCase()}.${nth}@example.invalid, only in the morning`,
    safety: `${name} must not be seen near ${RARE_WORD} Street`,
  };
}
