import { createHash, randomUUID } from 'node:crypto';
import type { CaseRecordServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/case_record.ts';
import type { ConsentServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import type { PersonServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/person.ts';
import type { SafeguardServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import type { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import { days, after as later } from '@opennrm/runtime/decision';
import type { RowsOf } from '@opennrm/testkit';
import { noon } from '../outbound/vault-database.fixture.ts';

/** What is in a file, and who has to do with it. */
export interface Ids extends Readonly<Record<string, string>> {
  readonly caseId: string;
  /** Another case of the same organisation. */
  readonly otherCaseId: string;
  /** By which `referral` knows the case. */
  readonly reference: string;
  readonly noteId: string;
  readonly safetyNoteId: string;
  /** Against what stands in the section. */
  readonly disagreementId: string;
  readonly attachmentId: string;
  readonly permissionId: string;
  /** A permission that was withdrawn by telephone. */
  readonly withdrawnId: string;
  readonly basisId: string;
  readonly guardianId: string;
  /** The file is open now; and somebody has asked for it to be opened. */
  readonly openedId: string;
  readonly askedId: string;
  readonly shelterId: string;
  readonly holdId: string;
}

export const SECTION = 'health';
export const PURPOSE = 'accommodation';
export const SAFE_CONTACT = [
  { channel: 'telephone', from: '00:00', until: '00:00', mayLeaveMessage: false },
];
export const FILE = Buffer.from('Synthetic file of nobody');

/** One piece, and it is whole. */
export const piece = {
  section: SECTION,
  kind: 'text' as const,
  piece: 0,
  pieces: 1,
  content: FILE,
  sha256: createHash('sha256').update(FILE).digest('hex'),
};
const page = { pageSize: 0, pageToken: '' };
const [from, until] = [new Date(noon), new Date(later(noon, days(1)))];
const hidden = 'hidden' as const;

const byCase = ({ caseId }: Ids) => ({ caseId, holdId: '', personId: '' });
const byHold = ({ holdId }: Ids) => ({ caseId: '', holdId, personId: '' });
const ofShelter = ({ shelterId: organisation }: Ids) => ({ organisation });

/** A call that names the case, or a hold of the shelter. */
const eitherWay = <More extends object>(more: () => More) => ({
  request: (ids: Ids) => ({ ...byCase(ids), ...more() }),
  also: [(ids: Ids) => ({ ...byHold(ids), ...more() })],
});

/** A call on a file that names nothing in it. */
const onFile = <More extends object>(more: More) => ({
  request: ({ caseId }: Ids) => ({ caseId, ...more }),
  expects: hidden,
});

export const onCases = (pack: CountryPack): RowsOf<typeof CaseVaultServiceService, Ids> => ({
  openCase: {
    request: ({ caseId }) => ({ caseId, services: ['referral'], need: 'safe-accommodation' }),
    expects: 'already-exists',
  },
  registerReference: {
    request: ({ caseId, reference }) => ({ caseId, reference: { service: 'referral', reference } }),
    also: [
      ({ otherCaseId: caseId, reference }) => ({
        caseId,
        reference: { service: 'referral', reference },
      }),
    ],
    expects: hidden,
  },
  listPeople: { request: ({ holdId }) => ({ holdId }), expects: hidden, by: ofShelter },
  writeSection: onFile({ section: SECTION, content: 'Synthetic words of nobody', corrects: '' }),
  writeNote: {
    ...eitherWay(() => ({
      noteId: randomUUID(),
      content: 'Synthetic words of nobody',
      safety: '',
    })),
    expects: hidden,
  },
  readSection: {
    ...eitherWay(() => ({ section: SECTION, purpose: PURPOSE, person: 0, version: 0 })),
    expects: hidden,
  },
  readNote: {
    request: ({ noteId }) => ({ noteId, purpose: PURPOSE }),
    also: [
      ({ safetyNoteId: noteId }) => ({ noteId, purpose: PURPOSE }),
      ({ disagreementId: noteId }) => ({ noteId, purpose: PURPOSE }),
    ],
    expects: hidden,
  },
  grantPermission: { request: (ids) => yes(pack, ids), expects: hidden },
  withdrawPermission: {
    request: ({ caseId, permissionId }) => ({
      caseId,
      permissionId,
      channel: '',
      statement: undefined,
    }),
    expects: hidden,
  },
  recordBasis: {
    request: ({ caseId }) => ({
      caseId,
      basisId: randomUUID(),
      code: 'duty-of-care',
      purpose: PURPOSE,
      sections: [SECTION],
      validFrom: from,
      validUntil: until,
      controllerId: '',
      cannotAskReason: '',
    }),
    expects: hidden,
  },
  setKeepApart: {
    request: ({ caseId, otherCaseId }) => ({ caseId, otherCaseId, apartId: randomUUID() }),
    expects: hidden,
  },
  listDisclosures: onFile({ ...page, forThePerson: false }),
});

const given = ({ consent }: CountryPack) => ({
  form: 'spoken',
  language: 'en',
  interpreter: false,
  interpreterId: '',
  witnessId: '',
  explained: consent.explanations.map(({ code }) => code),
  guardianId: '',
  childView: '',
  givenAt: undefined,
});

const yes = (pack: CountryPack, { caseId }: Ids) => ({
  ...given(pack),
  caseId,
  permissionId: randomUUID(),
  purpose: PURPOSE,
  sections: [SECTION],
  validFrom: from,
  validUntil: until,
  afterPermissionId: '',
  renewsPermissionId: '',
  receivers: {
    excludedRegions: [],
    excludedOrganisationIds: [],
    organisationIds: [],
    serviceClasses: ['safe-accommodation'],
  },
});

export const onConsent = (pack: CountryPack): RowsOf<typeof ConsentServiceService, Ids> => ({
  recordDenial: {
    request: ({ caseId }) => ({
      ...given(pack),
      caseId,
      denialId: randomUUID(),
      purpose: PURPOSE,
      sections: [SECTION],
      organisationIds: [],
      serviceClasses: ['safe-accommodation'],
    }),
    expects: hidden,
  },
  getReceipt: {
    request: ({ caseId, permissionId: recordId }) => ({ caseId, recordId }),
    expects: hidden,
  },
  previewAccess: {
    request: ({ caseId, permissionId }) => ({
      caseId,
      withdrawnPermissionId: permissionId,
      proposedPermission: undefined,
    }),
    also: [
      (ids) => ({
        caseId: ids.caseId,
        withdrawnPermissionId: '',
        proposedPermission: yes(pack, ids),
      }),
    ],
    expects: hidden,
  },
  getPermission: {
    request: ({ caseId, permissionId }) => ({ caseId, permissionId }),
    expects: hidden,
  },
  listConsents: onFile(page),
  getWithdrawal: {
    request: ({ caseId, withdrawnId: permissionId }) => ({ caseId, permissionId }),
    expects: hidden,
  },
  recordCallBack: {
    request: ({ caseId, withdrawnId: permissionId }) => ({
      caseId,
      permissionId,
      outcome: 'confirmed',
      channel: 'telephone',
    }),
    expects: hidden,
  },
  endBasis: { request: ({ caseId, basisId }) => ({ caseId, basisId }), expects: hidden },
  reviewBasis: {
    request: ({ caseId, basisId }) => ({ caseId, basisId, isUpheld: true }),
    expects: hidden,
  },
});

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

export const OPENED = 'file-opened-caseworker';
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
  // By the id of the case it is for whoever knows that id and has no basis: two desks are told at once (`alerts.spec.ts`).
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
