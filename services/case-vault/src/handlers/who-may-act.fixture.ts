import { createHash, randomUUID } from 'node:crypto';
import type { ConsentServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import type { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import { days, after as later } from '@opennrm/runtime/decision';
import type { RowsOf } from '@opennrm/testkit';
import { noon } from '../outbound/vault-database.fixture.ts';

/** Ids of the records in the file, and of a shelter with a relation to the person. */
export interface Ids extends Readonly<Record<string, string>> {
  readonly caseId: string;
  /** Another case of the same organisation. */
  readonly otherCaseId: string;
  /** The case reference of `referral`. */
  readonly reference: string;
  readonly noteId: string;
  readonly safetyNoteId: string;
  /** The note of a disagreement with the section. */
  readonly disagreementId: string;
  readonly attachmentId: string;
  readonly permissionId: string;
  /** A permission that was withdrawn by telephone. */
  readonly withdrawnId: string;
  readonly basisId: string;
  readonly guardianId: string;
  /** An opening that is open, and one that awaits a second person. */
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

/** A complete file of one piece. */
export const piece = {
  section: SECTION,
  kind: 'text' as const,
  piece: 0,
  pieces: 1,
  content: FILE,
  sha256: createHash('sha256').update(FILE).digest('hex'),
};
export const page = { pageSize: 0, pageToken: '' };
export const [from, until] = [new Date(noon), new Date(later(noon, days(1)))];
export const hidden = 'hidden' as const;

const byCase = ({ caseId }: Ids) => ({ caseId, holdId: '', personId: '' });
export const byHold = ({ holdId }: Ids) => ({ caseId: '', holdId, personId: '' });
export const ofShelter = ({ shelterId: organisation }: Ids) => ({ organisation });

/** A call that is made by case id and by hold of the shelter. */
export const eitherWay = <More extends object>(more: () => More) => ({
  request: (ids: Ids) => ({ ...byCase(ids), ...more() }),
  also: [(ids: Ids) => ({ ...byHold(ids), ...more() })],
});

/** A call that names only the file. */
export const onFile = <More extends object>(more: More) => ({
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
