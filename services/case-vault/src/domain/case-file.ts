import type { Instant } from '@opennrm/runtime/decision';
import type { Opening } from './break-glass.ts';
import type { AlertOnFile, Deadline } from './deadlines.ts';
import type {
  ConsentDenial,
  OwnChoice,
  Permission,
  ReceiverRule,
} from './permission/consent-records.ts';
import type { Withdrawal } from './permission/withdrawal.ts';
import type { PersonStatus } from './person/person.ts';
import type { ContactRule } from './safe-contact.ts';
import type { SectionHistory } from './writing.ts';

export type CaseId = string & { readonly __case: unique symbol };
export type OrganisationId = string & { readonly __organisation: unique symbol };

/** A reference by which one service knows this case. Only the vault knows that two references mean the same person. */
export interface Reference {
  readonly service: string;
  readonly reference: string;
}

/** What allows a disclosure: one purpose, some sections, and a time from `validFrom` until before `validUntil`. */
export interface Authorisation {
  readonly purpose: string;
  readonly sections: readonly string[];
  readonly validFrom: Instant;
  readonly validUntil: Instant;
}

/** A legal basis other than permission: a code of the country pack, and the controller that relies on it. */
export interface LegalBasis extends Authorisation {
  readonly basisId: string;
  readonly code: string;
  /** The organisation that opened the case may share under its own basis; any other controller only reads for itself. */
  readonly controller: string;
  readonly recordedBy: string;
  /** It substitutes until the person, or their guardian, permits or denies. */
  readonly isSubstitute: boolean;
  /** Receivers, where it replaces a permission; missing: every organisation with a relation. */
  readonly receivers?: ReceiverRule;
  /** Code: why the person could not be asked. */
  readonly cannotAskReason?: string;
  /** Receivers about whom the person has decided since. */
  readonly ownChoices?: readonly OwnChoice[];
  readonly endedAt: Instant | undefined;
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
