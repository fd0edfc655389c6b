import { fileURLToPath } from 'node:url';

/** The directory of the checkout. */
export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A path inside the checkout. */
export const inRepository = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Prints one line about the progress of a command. */
export type Progress = (line: string) => void;
