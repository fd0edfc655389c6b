import { randomUUID } from 'node:crypto';
import type { CaseRecordServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/case_record.ts';
import type { PersonServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/person.ts';
import type { SafeguardServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import type { RowsOf } from '@opennrm/testkit';
import {
  byHold,
  eitherWay,
  from,
  hidden,
  type Ids,
  ofShelter,
  onFile,
  PURPOSE,
  page,
  piece,
  SAFE_CONTACT,
  SECTION,
  until,
} from './who-may-act.fixture.ts';

const ofGuardian = {
  request: ({ caseId, guardianId }: Ids) => ({ caseId, guardianId }),
  expects: hidden,
};

export const onPerson: RowsOf<typeof PersonServiceService, Ids> = {
  recordAge: onFile({ age: 'child', birthDate: '' }),
  appointGuardian: {
    request: ({ caseId, guardianId }) => ({ caseId, guardianId, from, until: undefined }),
    expects: hidden,
  },
  suspectGuardian: ofGuardian,
  changeGuardianship: {
    request: ({ caseId, guardianId }) => ({ caseId, guardianId, until }),
    expects: hidden,
  },
  liftSuspicion: ofGuardian,
  recordCapacity: onFile({
    decision: 'permission-to-share',
    able: true,
    reason: '',
    reassessAt: undefined,
  }),
  setSafeContact: onFile({ rules: SAFE_CONTACT }),
  checkContact: { ...eitherWay(() => ({ channel: 'telephone' })), expects: 'empty' },
};

export const onCaseRecord: RowsOf<typeof CaseRecordServiceService, Ids> = {
  listSectionVersions: onFile({ section: SECTION }),
  recordDisagreement: {
    request: ({ caseId, noteId }) => ({ caseId, section: SECTION, version: 1, noteId }),
    expects: hidden,
  },
  retractDisagreement: {
    request: ({ caseId, disagreementId: noteId }) => ({ caseId, section: SECTION, noteId }),
    expects: hidden,
  },
  listSafetyNotes: { ...eitherWay(() => ({ purpose: PURPOSE })), expects: hidden },
  endSafetyNote: {
    request: ({ caseId, safetyNoteId: noteId }) => ({ caseId, noteId }),
    expects: hidden,
  },
  uploadAttachment: {
    request: ({ caseId, attachmentId }) => ({ caseId, attachmentId, ...piece }),
    expects: hidden,
  },
  listAttachments: {
    ...eitherWay(() => ({ section: SECTION, purpose: PURPOSE, ...page })),
    expects: hidden,
  },
  readAttachment: {
    request: ({ attachmentId }) => ({ attachmentId, purpose: PURPOSE }),
    expects: hidden,
  },
};

const OPENED = 'file-opened-caseworker';
const onAlert = {
  request: ({ caseId, openedId: about }: Ids) => ({ caseId, code: OPENED, about }),
  also: [
    ({ caseId, openedId: about }: Ids) => ({
      caseId,
      code: 'file-opened-data-protection-officer',
      about,
    }),
  ],
  expects: hidden,
};

export const onOpenings: RowsOf<typeof SafeguardServiceService, Ids> = {
  // By hold only: any organisation may open a file by its case id, which alerts two roles (`alerts.spec.ts`).
  breakGlass: {
    request: (ids) => ({
      ...byHold(ids),
      openingId: randomUUID(),
      reason: 'life-at-risk',
      sections: [SECTION],
      lifeAtRisk: true,
    }),
    expects: hidden,
    by: ofShelter,
  },
  confirmOpening: {
    request: ({ askedId: openingId }) => ({ openingId }),
    also: [({ openedId: openingId }) => ({ openingId })],
    expects: hidden,
  },
  reviewOpening: {
    request: ({ openedId: openingId }) => ({ openingId, justified: true }),
    also: [({ askedId: openingId }) => ({ openingId, justified: false })],
    expects: hidden,
  },
  listAlerts: { request: () => page, expects: 'empty' },
  acknowledgeAlert: onAlert,
  resolveAlert: onAlert,
};
