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

/** Whether the person could decide this, and when that is reassessed. */
export interface Capacity {
  readonly decision: string;
  readonly able: boolean;
  readonly reason: string | undefined;
  readonly reassessAt: Instant | undefined;
  /** When capacity was regained; missing: never found lacking. */
  readonly since?: Instant | undefined;
}

/** What decides who decides for the person. */
export interface PersonStatus {
  readonly age: Age;
  readonly guardians: readonly Guardian[];
  readonly capacities: readonly Capacity[];
  /** Since when somebody else must be asked; earlier statements do not count. */
  readonly decisionMakerChangedAt?: Instant;
}

/** The legal basis of a child for whom nobody may speak, as the country pack calls it. */
export const CHILD_PROTECTION = 'child-protection';

/** The basis where the person can decide nothing. */
export const VITAL_INTEREST = 'vital-interest';

export const unknownPerson: PersonStatus = { age: 'not-stated', guardians: [], capacities: [] };

/** Whoever may be a child is one here. */
export const countsAsChild = ({ age }: PersonStatus): boolean =>
  age === 'child' || age === 'unsure' || age === 'disputed';

/** The guardian at the moment of a statement, not of its record. */
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
