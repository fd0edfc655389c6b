import type {
  GetPermissionResponse,
  ListConsentsResponse,
} from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import type { GetReceiptResponse } from '@opennrm/contracts/opennrm/case_vault/v1/receipt.ts';
import type { CountryPack } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { LegalBasis } from '../../domain/case-file.ts';
import type {
  ConsentDenial,
  ConsentDetails,
  Permission,
} from '../../domain/permission/consent-records.ts';
import type { Receipt } from '../../domain/permission/receipt.ts';
import type { Consent, Detail } from '../../handlers/consents.ts';
import { dateOf } from './fields.ts';

/** A receipt in the words of the wire. */
export const receiptView = ({ events, ...receipt }: Receipt): GetReceiptResponse => ({
  ...receipt,
  informationCategories: [...receipt.informationCategories],
  recipients: [...receipt.recipients],
  excludedRecipients: [...receipt.excludedRecipients],
  excludedRegions: [...receipt.excludedRegions],
  explained: [...receipt.explained],
  validFrom: dateOf(receipt.validFrom),
  interpreterId: receipt.interpreterId ?? '',
  witnessId: receipt.witnessId ?? '',
  events: events.map((one) => ({
    ...one,
    at: new Date(one.at),
    validUntil: dateOf(one.validUntil),
  })),
});

/** One yes or no in full. */
export const detailView = ({ record, state, narrowedBy }: Detail): GetPermissionResponse => ({
  ...('receivers' in record ? yesView(record) : noView(record)),
  ...howView(record.given),
  purpose: record.purpose,
  sections: [...record.sections],
  state,
  narrowedBy: [...narrowedBy],
});

const yesView = ({ receivers, ...permission }: Permission) => ({
  permissionId: permission.permissionId,
  receivers: {
    excludedRegions: [...receivers.excludedRegions],
    excludedOrganisationIds: [...receivers.excludedOrganisationIds],
    organisationIds: [...receivers.organisationIds],
    serviceClasses: [...receivers.serviceClasses],
  },
  validFrom: new Date(permission.validFrom),
  validUntil: new Date(permission.validUntil),
  afterPermissionId: permission.after ?? '',
  renewsPermissionId: permission.renews ?? '',
  endedAt: dateOf(permission.withdrawnAt),
});

const noView = ({ denialId, organisationIds, serviceClasses }: ConsentDenial) => ({
  permissionId: denialId,
  receivers: {
    excludedRegions: [],
    excludedOrganisationIds: [],
    organisationIds: [...organisationIds],
    serviceClasses: [...serviceClasses],
  },
  validFrom: undefined,
  validUntil: undefined,
  afterPermissionId: '',
  renewsPermissionId: '',
  endedAt: undefined,
});

const howView = (given: ConsentDetails) => ({
  form: given.form,
  language: given.language,
  interpreter: given.interpreter,
  interpreterId: given.interpreterId ?? '',
  witnessId: given.witnessId ?? '',
  explained: [...given.explained],
  guardianId: given.guardianId ?? '',
  childView: given.childView ?? '',
  givenAt: new Date(given.at),
  recordedBy: given.recordedBy,
});

type Listed = Omit<ListConsentsResponse, 'nextPageToken'>;

/** A page of the three records, each kind by itself; no place to stay is named in any of them. */
export const consentsView = (
  { consent: { hiddenServiceClasses } }: CountryPack,
  all: readonly Consent[],
  now: Instant,
): Listed => ({
  agreements: all.flatMap((one) =>
    one.kind === 'agreement'
      ? [{ ...agreementView(one.row, hiddenServiceClasses), at: new Date(one.at) }]
      : [],
  ),
  permissions: all.flatMap((one): Listed['permissions'] => {
    if (one.kind === 'permission') return [{ ...permissionView(one.permission), state: one.state }];
    return one.kind === 'refusal' ? [refusalView(one.denial)] : [];
  }),
  bases: all.flatMap((one) =>
    one.kind === 'basis' ? [basisView(one.basis, one.controller, now)] : [],
  ),
});

type Agreement = Extract<Consent, { readonly kind: 'agreement' }>['row'];
const agreementView = (row: Agreement, hidden: readonly string[]) => ({
  holdId: row.hold_id,
  serviceClass: row.service_class,
  organisationId: hidden.includes(row.service_class) ? '' : row.organisation_id,
  agreed: row.agreed,
});

const speakerOf = ({ guardianId }: ConsentDetails): string =>
  guardianId === undefined ? 'person' : 'guardian';

const permissionView = (one: Permission) => ({
  permissionId: one.permissionId,
  purpose: one.purpose,
  sections: [...one.sections],
  validUntil: new Date(one.validUntil),
  givenBy: speakerOf(one.given),
});

const refusalView = (denial: ConsentDenial) => ({
  permissionId: denial.denialId,
  purpose: denial.purpose,
  sections: [...denial.sections],
  state: 'denied',
  validUntil: undefined,
  givenBy: speakerOf(denial.given),
});

const basisView = (one: LegalBasis, controller: string | undefined, now: Instant) => ({
  basisId: one.basisId,
  code: one.code,
  purpose: one.purpose,
  controllerId: controller ?? '',
  isSubstitute: one.isSubstitute,
  state: stateOfBasis(one, now),
  validUntil: new Date(one.validUntil),
});

function stateOfBasis({ validFrom, validUntil, endedAt }: LegalBasis, now: Instant): string {
  if (endedAt !== undefined) return 'ended';
  if (now < validFrom) return 'not-yet-valid';
  return now < validUntil ? 'valid' : 'expired';
}
