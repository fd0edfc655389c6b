import type { SyntheticNeed } from '../people.ts';

/** What the demo knows of a request: enough to act as its people would. */
export interface Request {
  readonly need: SyntheticNeed;
  readonly referralId: string;
  readonly organisation: string;
}
