import type { Instant } from '@opennrm/runtime/decision';

/** The age as last recorded. A disputed age counts as a child's until it is determined (Council of Europe Convention, article 10(3)). */
export type Age = 'not-stated' | 'adult' | 'child' | 'unsure' | 'disputed';

export interface Guardian {
  readonly guardianId: string;
  readonly from: Instant;
  readonly until: Instant | undefined;
  /** Since when under suspicion; a suspected guardian does not decide for the child. */
  readonly suspectedAt: Instant | undefined;
}

/** Whether the person can make this decision, and when that is reassessed. */
export interface Capacity {
  readonly decision: string;
  readonly able: boolean;
  readonly reason: string | undefined;
  readonly reassessAt: Instant | undefined;
  /** When capacity was regained; missing: never found lacking. */
  readonly since?: Instant | undefined;
}

/** The facts that determine who decides for the person. */
export interface PersonStatus {
  readonly age: Age;
  /** When the age was last recorded; missing while it is not stated. */
  readonly ageRecordedAt?: Instant;
  readonly guardians: readonly Guardian[];
  readonly capacities: readonly Capacity[];
  /** When the decision maker last changed; statements made before do not count. */
  readonly decisionMakerChangedAt?: Instant;
}

/** The country pack's code of the legal basis for a child without a guardian who may decide. */
export const CHILD_PROTECTION = 'child-protection';

/** The country pack's code of the legal basis for a person without capacity. */
export const VITAL_INTEREST = 'vital-interest';

export const unknownPerson: PersonStatus = { age: 'not-stated', guardians: [], capacities: [] };

/** A person who may be a child counts as a child. */
export const countsAsChild = ({ age }: PersonStatus): boolean =>
  age === 'child' || age === 'unsure' || age === 'disputed';

/** The guardian at the time of a statement, which may be earlier than the time of its record. */
export const guardianAt = (
  { guardians }: PersonStatus,
  guardianId: string,
  at: Instant,
): Guardian | undefined =>
  guardians.find(
    (one) =>
      one.guardianId === guardianId &&
      one.from <= at &&
      (one.until === undefined || at < one.until),
  );

export const hasGuardian = ({ guardians }: PersonStatus, now: Instant): boolean =>
  guardians.some(
    (one) =>
      one.suspectedAt === undefined &&
      one.from <= now &&
      (one.until === undefined || now < one.until),
  );
