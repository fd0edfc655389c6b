import { createHash, randomUUID } from 'node:crypto';
import type { ConsentServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import type { PersonServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/person.ts';
import type { SafeguardServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import type { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import type { WordsServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/words.ts';
import type { CountryPack } from '@opennrm/country';
import { days, after as later } from '@opennrm/runtime/decision';
import type { RowsOf } from '@opennrm/testkit';
import { noon } from '../adapters/vault-database.fixture.ts';

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
export const SAFE_CONTACT = [{ channel: 'telephone', from: '00:00', until: '00:00', mayLeaveWord: false }];
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
  treats: hidden,
});

export const onCases = (pack: CountryPack): RowsOf<typeof CaseVaultServiceService, Ids> => ({
  openCase: {
    request: ({ caseId }) => ({ caseId, services: ['referral'], need: 'safe-accommodation' }),
    treats: 'taken',
  },
  registerReference: {
    request: ({ caseId, reference }) => ({ caseId, reference: { service: 'referral', reference } }),
    also: [({ otherCaseId: caseId, reference }) => ({ caseId, reference: { service: 'referral', reference } })],
    treats: hidden,
  },
  listPeople: { request: ({ holdId }) => ({ holdId }), treats: hidden, by: ofShelter },
  writeSection: onFile({ section: SECTION, content: 'Synthetic words of nobody', corrects: '' }),
  writeNote: {
    ...eitherWay(() => ({ noteId: randomUUID(), content: 'Synthetic words of nobody', safety: '' })),
    treats: hidden,
  },
  readSection: {
    ...eitherWay(() => ({ section: SECTION, purpose: PURPOSE, person: 0, version: 0 })),
    treats: hidden,
  },
  readNote: {
    request: ({ noteId }) => ({ noteId, purpose: PURPOSE }),
    also: [
      ({ safetyNoteId: noteId }) => ({ noteId, purpose: PURPOSE }),
      ({ disagreementId: noteId }) => ({ noteId, purpose: PURPOSE }),
    ],
    treats: hidden,
  },
  grantPermission: { request: (ids) => yes(pack, ids), treats: hidden },
  withdrawPermission: {
    request: ({ caseId, permissionId }) => ({ caseId, permissionId, channel: '', how: undefined }),
    treats: hidden,
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
      cannotBeAsked: '',
    }),
    treats: hidden,
  },
  setKeepApart: {
    request: ({ caseId, otherCaseId }) => ({ caseId, otherCaseId, apartId: randomUUID() }),
    treats: hidden,
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
  refusePermission: {
    request: ({ caseId }) => ({
      ...given(pack),
      caseId,
      refusalId: randomUUID(),
      purpose: PURPOSE,
      sections: [SECTION],
      organisationIds: [],
      serviceClasses: ['safe-accommodation'],
    }),
    treats: hidden,
  },
  getReceipt: { request: ({ caseId, permissionId: recordId }) => ({ caseId, recordId }), treats: hidden },
  whatIf: {
    request: ({ caseId, permissionId }) => ({ caseId, withdrawnPermissionId: permissionId, yes: undefined }),
    also: [(ids) => ({ caseId: ids.caseId, withdrawnPermissionId: '', yes: yes(pack, ids) })],
    treats: hidden,
  },
  getPermission: { request: ({ caseId, permissionId }) => ({ caseId, permissionId }), treats: hidden },
  listConsents: onFile(page),
  getWithdrawal: {
    request: ({ caseId, withdrawnId: permissionId }) => ({ caseId, permissionId }),
    treats: hidden,
  },
  recordCallBack: {
    request: ({ caseId, withdrawnId: permissionId }) => ({
      caseId,
      permissionId,
      outcome: 'confirmed',
      channel: 'telephone',
    }),
    treats: hidden,
  },
  endBasis: { request: ({ caseId, basisId }) => ({ caseId, basisId }), treats: hidden },
  reviewBasis: { request: ({ caseId, basisId }) => ({ caseId, basisId, stays: true }), treats: hidden },
});

const ofGuardian = { request: ({ caseId, guardianId }: Ids) => ({ caseId, guardianId }), treats: hidden };

export const onPerson: RowsOf<typeof PersonServiceService, Ids> = {
  recordAge: onFile({ age: 'child', birthDate: '' }),
  appointGuardian: {
    request: ({ caseId, guardianId }) => ({ caseId, guardianId, from, until: undefined }),
    treats: hidden,
  },
  suspectGuardian: ofGuardian,
  changeGuardianship: {
    request: ({ caseId, guardianId }) => ({ caseId, guardianId, until }),
    treats: hidden,
  },
  liftSuspicion: ofGuardian,
  recordCapacity: onFile({ decision: 'permission-to-share', able: true, reason: '', askAgainAt: undefined }),
  setSafeContact: onFile({ rules: SAFE_CONTACT }),
  mayContact: { ...eitherWay(() => ({ channel: 'telephone' })), treats: 'empty' },
};

export const onWords: RowsOf<typeof WordsServiceService, Ids> = {
  listSectionVersions: onFile({ section: SECTION }),
  recordDisagreement: {
    request: ({ caseId, noteId }) => ({ caseId, section: SECTION, version: 1, noteId }),
    treats: hidden,
  },
  takeBackDisagreement: {
    request: ({ caseId, disagreementId: noteId }) => ({ caseId, section: SECTION, noteId }),
    treats: hidden,
  },
  listSafetyNotes: { ...eitherWay(() => ({ purpose: PURPOSE })), treats: hidden },
  endSafetyNote: { request: ({ caseId, safetyNoteId: noteId }) => ({ caseId, noteId }), treats: hidden },
  keepAttachment: { request: ({ caseId, attachmentId }) => ({ caseId, attachmentId, ...piece }), treats: hidden },
  listAttachments: { ...eitherWay(() => ({ section: SECTION, purpose: PURPOSE, ...page })), treats: hidden },
  readAttachment: { request: ({ attachmentId }) => ({ attachmentId, purpose: PURPOSE }), treats: hidden },
};

export const OPENED = 'file-opened-caseworker';
const onAlert = {
  request: ({ caseId, openedId: about }: Ids) => ({ caseId, code: OPENED, about }),
  also: [({ caseId, openedId: about }: Ids) => ({ caseId, code: 'file-opened-data-protection-officer', about })],
  treats: hidden,
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
    treats: hidden,
    by: ofShelter,
  },
  confirmOpening: {
    request: ({ askedId: openingId }) => ({ openingId }),
    also: [({ openedId: openingId }) => ({ openingId })],
    treats: hidden,
  },
  reviewOpening: {
    request: ({ openedId: openingId }) => ({ openingId, justified: true }),
    also: [({ askedId: openingId }) => ({ openingId, justified: false })],
    treats: hidden,
  },
  listAlerts: { request: () => page, treats: 'empty' },
  acknowledgeAlert: onAlert,
  resolveAlert: onAlert,
};
