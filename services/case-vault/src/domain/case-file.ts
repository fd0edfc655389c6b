import type { ContactRule } from './contact-rule.ts';
import type { AlertOnFile, Deadline } from './file-deadline.ts';
import type { Opening } from './opening.ts';
import type { ConsentDenial, LegalBasis, Permission } from './permission/consent-records.ts';
import type { Withdrawal } from './permission/withdrawal-record.ts';
import type { PersonStatus } from './person/person.ts';
import type { SectionHistory } from './section-history.ts';

export type CaseId = string & { readonly __case: unique symbol };
export type OrganisationId = string & { readonly __organisation: unique symbol };

/** A reference by which one service knows this case. Only the vault knows that two references mean the same person. */
export interface Reference {
  readonly service: string;
  readonly reference: string;
}

/** Two people who must never be at one provider together. In force after a second person has confirmed it. */
export interface ApartPair {
  readonly apartId: string;
  readonly otherCaseId: CaseId;
  readonly proposedBy: string;
  readonly state: 'proposed' | 'set';
}

export interface CaseFile {
  readonly caseId: CaseId;
  readonly ownerOrg: OrganisationId;
  readonly need: string;
  readonly references: readonly Reference[];
  readonly person: PersonStatus;
  readonly permissions: readonly Permission[];
  /** Denials of the person or of a guardian. */
  readonly denials: readonly ConsentDenial[];
  readonly withdrawals: readonly Withdrawal[];
  readonly bases: readonly LegalBasis[];
  readonly apart: readonly ApartPair[];
  /** Newest version of each section, and who wrote it. The content is in the sealed store. */
  readonly sections: Readonly<Record<string, SectionHistory>>;
  /** Notes that stay readable for safety: their kind and the id of the sealed content. */
  readonly safetyNotes: readonly { readonly noteId: string; readonly kind: string }[];
  readonly contact: readonly ContactRule[];
  readonly openings: readonly Opening[];
  /** What is owed, and by when. */
  readonly deadlines: readonly Deadline[];
  readonly alerts: readonly AlertOnFile[];
}

export const referencesOf = (file: CaseFile, service: string): string[] =>
  file.references.filter((one) => one.service === service).map((one) => one.reference);
