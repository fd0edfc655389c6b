import type { SyntheticNeed } from '../people.ts';

/** A request of the demo, with what its synthetic people need to act. */
export interface Request {
  readonly need: SyntheticNeed;
  readonly referralId: string;
  readonly organisation: string;
}
