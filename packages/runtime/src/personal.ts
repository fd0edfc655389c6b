import { inspect } from 'node:util';

const MASK = '[personal]';

/**
 * A value about a person. It cannot be printed, logged, spread or serialised by accident: every conversion to text gives `[personal]`.
 * Only `reveal()` reads it, and a reviewer can search for that name.
 */
export class Personal<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. Only for code that may use it. */
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
