import type { Instant } from '@opennrm/runtime/decision';
import type { EndCause } from './consent-records.ts';

/** A service that must act on a withdrawal, and its reference of the case. */
export interface Audience {
  readonly service: string;
  readonly reference: string;
}

/** A withdrawal: the services that must act on it, their acknowledgements, and how it was stated. */
export interface Withdrawal {
  readonly permissionId: string;
  readonly at: Instant;
  readonly cause: EndCause;
  readonly channel: Channel | undefined;
  readonly audiences: readonly (Audience & {
    readonly acknowledgedAt: Instant | undefined;
    /** How many offers or other items the service closed. */
    readonly closed: number;
  })[];
  /** Outcome of the call back; undefined before it. */
  readonly calledBack: string | undefined;
  /** Who withdrew, in which language and when; missing if no person withdrew it or it was not recorded. */
  readonly statement?: WithdrawalStatement;
  /** How many calls did not reach the person; missing: none. */
  readonly callBackAttempts?: number;
}

/** How a withdrawal was stated; it may be recorded later. */
export interface WithdrawalStatement {
  /** Undefined: the person withdrew it themselves. */
  readonly guardianId: string | undefined;
  readonly language: string | undefined;
  readonly at: Instant;
}

export type Channel = 'in-person' | 'written' | 'telephone';
