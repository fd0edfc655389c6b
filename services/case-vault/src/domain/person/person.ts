import type { Instant } from '@opennrm/runtime/decision';

/** As it was recorded last: a disputed age is a child's until it is determined (Council of Europe Convention, article 10(3)). */
export type Age = 'not-stated' | 'adult' | 'child' | 'unsure' | 'disputed';

export interface Guardian {
  readonly guardianId: string;
  readonly from: Instant;
  readonly until: Instant | undefined;
  /** Under suspicion: excluded from speaking for the child. */
  readonly suspectedAt: Instant | undefined;
}

/** Whether she could decide this, when it was asked, and when it is asked again. */
export interface Capacity {
  readonly decision: string;
  readonly able: boolean;
  readonly reason: string | undefined;
  readonly askAgainAt: Instant | undefined;
}

/** What decides who speaks for her. */
export interface PersonStatus {
  readonly age: Age;
  readonly guardians: readonly Guardian[];
  readonly capacities: readonly Capacity[];
}

export const unknownPerson: PersonStatus = { age: 'not-stated', guardians: [], capacities: [] };

/** Whoever may be a child is one here. */
export const countsAsChild = ({ age }: PersonStatus): boolean =>
  age === 'child' || age === 'unsure' || age === 'disputed';

/** The guardian who may speak for her now. */
export const guardianNow = ({ guardians }: PersonStatus, guardianId: string, now: Instant): Guardian | undefined =>
  guardians.find(
    (one) => one.guardianId === guardianId && one.from <= now && (one.until === undefined || now < one.until),
  );

export const hasGuardian = ({ guardians }: PersonStatus, now: Instant): boolean =>
  guardians.some(
    (one) => one.suspectedAt === undefined && one.from <= now && (one.until === undefined || now < one.until),
  );
