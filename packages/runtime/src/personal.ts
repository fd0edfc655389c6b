import { inspect } from 'node:util';

const MASK = '[personal]';

/**
 * A value that says something about a person. It cannot be printed, logged, spread or serialised by accident:
 * every road to text gives `[personal]`. Only `reveal()` reads it, and a reviewer can search for that word.
 */
export class Personal<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself, for the one place that may use it. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
