import type { Job } from './job.ts';
import { lineSystem } from './line-client.ts';
import { referralSystem } from './referral-system.ts';
import type { System } from './system.ts';

/** Connects to the system that a job names. */
export function systemOf({ target }: Job): Promise<System> {
  return target.kind === 'platform'
    ? Promise.resolve(referralSystem(target))
    : lineSystem(target.port);
}
