import type { Instant } from '@opennrm/runtime/decision';
import type { ApartPair, CaseId, LegalBasis, OrganisationId, Permission } from './case-file.ts';

/** What happened to a case file: references, codes and times. The words themselves are never in an event. */
export type CaseFileEvent =
  | {
      readonly type: 'CaseOpened';
      readonly caseId: CaseId;
      readonly ownerOrg: OrganisationId;
      readonly need: string;
      readonly at: Instant;
    }
  | { readonly type: 'ReferenceRegistered'; readonly service: string; readonly reference: string }
  | { readonly type: 'PermissionGranted'; readonly permission: Omit<Permission, 'withdrawnAt'> }
  | { readonly type: 'PermissionWithdrawn'; readonly permissionId: string; readonly at: Instant }
  | { readonly type: 'BasisRecorded'; readonly basis: LegalBasis }
  | { readonly type: 'KeepApartProposed'; readonly pair: ApartPair }
  | { readonly type: 'KeepApartSet'; readonly pair: ApartPair }
  | {
      readonly type: 'SectionWritten';
      readonly section: string;
      readonly version: number;
      readonly writtenBy: string;
      readonly at: Instant;
    }
  | { readonly type: 'NoteWritten'; readonly noteId: string; readonly at: Instant }
  | {
      readonly type: 'SectionRead';
      readonly disclosureId: string;
      readonly section: string;
      readonly version: number;
      readonly purpose: string;
      readonly basis: string;
    }
  | { readonly type: 'NoteRead'; readonly disclosureId: string; readonly noteId: string; readonly purpose: string };
