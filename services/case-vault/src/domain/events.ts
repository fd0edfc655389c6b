import type { Instant } from '@opennrm/runtime/decision';
import type { ApartPair, CaseId, OrganisationId } from './case-file.ts';
import type { ContactRule } from './contact-rule.ts';
import type { AlertOnFile, Deadline, DeadlineCode } from './file-deadline.ts';
import type { Opening } from './opening.ts';
import type {
  ConsentDenial,
  EndCause,
  LegalBasis,
  NewPermission,
  OwnChoice,
} from './permission/consent-records.ts';
import type { Withdrawal } from './permission/withdrawal-record.ts';
import type { Age, Capacity, Guardian } from './person/person.ts';

type FileEvent =
  | {
      readonly type: 'CaseOpened';
      readonly caseId: CaseId;
      readonly ownerOrg: OrganisationId;
      readonly need: string;
      readonly at: Instant;
    }
  | { readonly type: 'ReferenceRegistered'; readonly service: string; readonly reference: string }
  | { readonly type: 'KeepApartProposed'; readonly pair: ApartPair }
  | { readonly type: 'KeepApartSet'; readonly pair: ApartPair };

type ConsentChange =
  | { readonly type: 'PermissionGranted'; readonly permission: NewPermission }
  | { readonly type: 'DenialRecorded'; readonly denial: ConsentDenial }
  | {
      readonly type: 'PermissionWithdrawn';
      readonly permissionId: string;
      readonly at: Instant;
      readonly cause: EndCause;
    }
  /** A renewed permission replaces this one from `validUntil`. */
  | {
      readonly type: 'PermissionShortened';
      readonly permissionId: string;
      readonly validUntil: Instant;
    }
  /** Its time limit passed. Readers of the file see that it ended, and when. */
  | { readonly type: 'PermissionExpired'; readonly permissionId: string }
  | { readonly type: 'WithdrawalBegun'; readonly withdrawal: Withdrawal }
  | {
      readonly type: 'WithdrawalAcknowledged';
      readonly permissionId: string;
      readonly service: string;
      readonly reference: string;
      readonly closed: number;
      readonly at: Instant;
    }
  | {
      readonly type: 'CalledBack';
      readonly permissionId: string;
      readonly outcome: string;
      readonly at: Instant;
    }
  /** The person was not reached, so a call back is still owed. */
  | {
      readonly type: 'CallBackAttempted';
      readonly permissionId: string;
      readonly outcome: string;
      readonly at: Instant;
    }
  | { readonly type: 'BasisRecorded'; readonly basis: LegalBasis }
  | {
      readonly type: 'BasisReviewed';
      readonly basisId: string;
      readonly by: string;
      readonly isUpheld: boolean;
    }
  | { readonly type: 'BasisNarrowed'; readonly basisId: string; readonly ownChoice: OwnChoice }
  | { readonly type: 'BasisEnded'; readonly basisId: string; readonly at: Instant };

type Person =
  /** `settlesDispute`: the age was unsure or disputed before. */
  | {
      readonly type: 'AgeRecorded';
      readonly age: Age;
      readonly at: Instant;
      readonly settlesDispute?: boolean;
    }
  | { readonly type: 'ComingOfAgeWarned'; readonly warning: number }
  | { readonly type: 'CameOfAge'; readonly at: Instant }
  /** From now on the person decides instead of a guardian, or a guardian instead of the person. */
  | { readonly type: 'DecisionMakerChanged'; readonly at: Instant }
  | { readonly type: 'GuardianAppointed'; readonly guardian: Guardian }
  | { readonly type: 'GuardianSuspected'; readonly guardianId: string; readonly at: Instant }
  | { readonly type: 'GuardianshipChanged'; readonly guardianId: string; readonly until: Instant }
  | { readonly type: 'SuspicionLifted'; readonly guardianId: string; readonly at: Instant }
  | { readonly type: 'CapacityRecorded'; readonly capacity: Capacity }
  | { readonly type: 'SafeContactSet'; readonly rules: readonly ContactRule[] };

type RecordChange =
  | {
      readonly type: 'SectionWritten';
      readonly section: string;
      readonly version: number;
      readonly writtenBy: string;
      readonly at: Instant;
      /** Why it replaces the version before; undefined for an addition. */
      readonly corrects?: string | undefined;
    }
  | {
      readonly type: 'DisagreementRecorded';
      readonly section: string;
      readonly version: number;
      readonly noteId: string;
    }
  | {
      readonly type: 'NoteWritten';
      readonly noteId: string;
      readonly at: Instant;
      readonly safety?: string | undefined;
    }
  | { readonly type: 'DisagreementRetracted'; readonly section: string; readonly noteId: string }
  | { readonly type: 'SafetyNoteEnded'; readonly noteId: string }
  | { readonly type: 'SafetyNotesListed'; readonly disclosureId: string; readonly purpose: string }
  | {
      readonly type: 'AttachmentsListed';
      readonly disclosureId: string;
      readonly section: string;
      readonly purpose: string;
    }
  | {
      readonly type: 'AttachmentUploaded';
      readonly attachmentId: string;
      readonly section: string;
      readonly at: Instant;
    }
  | {
      readonly type: 'SectionRead';
      readonly disclosureId: string;
      readonly section: string;
      readonly version: number;
      readonly purpose: string;
      readonly basis: string;
    }
  | {
      readonly type: 'NoteRead';
      readonly disclosureId: string;
      readonly noteId: string;
      readonly purpose: string;
    }
  | {
      readonly type: 'AttachmentRead';
      readonly disclosureId: string;
      readonly attachmentId: string;
      readonly purpose: string;
    };

type BreakGlass =
  | { readonly type: 'OpeningRequested'; readonly opening: Opening }
  | {
      readonly type: 'FileOpened';
      readonly openingId: string;
      readonly confirmedBy: string | undefined;
      readonly until: Instant;
    }
  | { readonly type: 'OpeningClosed'; readonly openingId: string; readonly at: Instant }
  | {
      readonly type: 'OpeningReviewed';
      readonly openingId: string;
      readonly by: string;
      readonly justified: boolean;
    };

type DeadlineChange =
  | { readonly type: 'DeadlineSet'; readonly deadline: Deadline }
  | { readonly type: 'DeadlineMet'; readonly code: DeadlineCode; readonly about: string }
  | { readonly type: 'AlertRaised'; readonly alert: AlertOnFile }
  | {
      readonly type: 'AlertAcknowledged';
      readonly code: string;
      readonly about: string;
      readonly by: string;
    }
  | {
      readonly type: 'AlertResolved';
      readonly code: string;
      readonly about: string;
      readonly by: string;
    };

/** What happened to a case file: references, codes and times. An event never holds sealed content. */
export type CaseFileEvent =
  | FileEvent
  | ConsentChange
  | Person
  | RecordChange
  | BreakGlass
  | DeadlineChange;
