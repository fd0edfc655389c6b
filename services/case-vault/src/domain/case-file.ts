import type { Instant } from '@opennrm/runtime/decision';

export type CaseId = string & { readonly __case: unique symbol };
export type OrganisationId = string & { readonly __organisation: unique symbol };

/** A reference by which one service knows this case; only the vault knows that two of them are the same person. */
export interface Reference {
  readonly service: string;
  readonly reference: string;
}

/** Who may receive: exclusions first, then organisations by name, else accredited services of the classes (`domain.md` §4). */
export interface ReceiverRule {
  readonly excludedRegions: readonly string[];
  readonly excludedOrganisationIds: readonly string[];
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
}

/** What something stands on: for one purpose and some sections, from a moment until another. */
export interface Ground {
  readonly purpose: string;
  readonly sections: readonly string[];
  readonly validFrom: Instant;
  readonly validUntil: Instant;
}

/** The person permits sharing; how and in which language it was given is part of the record. */
export interface Permission extends Ground {
  readonly permissionId: string;
  readonly receivers: ReceiverRule;
  readonly form: string;
  readonly language: string;
  readonly interpreter: boolean;
  readonly withdrawnAt: Instant | undefined;
}

/** A legal basis other than permission, as a code of the country pack. */
export interface LegalBasis extends Ground {
  readonly basisId: string;
  readonly code: string;
}

/** Two people who must never be at one provider together; it stands once a second person has confirmed it. */
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
  readonly permissions: readonly Permission[];
  readonly bases: readonly LegalBasis[];
  readonly apart: readonly ApartPair[];
  /** Newest version of each section, and who wrote it; the words are sealed elsewhere. */
  readonly sections: Readonly<Record<string, { readonly version: number; readonly writtenBy: string }>>;
}

/** The references by which a service knows this case. */
export const referencesOf = (file: CaseFile, service: string): string[] =>
  file.references.filter((one) => one.service === service).map((one) => one.reference);
