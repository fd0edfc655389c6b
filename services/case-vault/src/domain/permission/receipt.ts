import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { ConsentDenial, EndCause, Permission } from './consent-records.ts';
import { effectiveDenials } from './effective-receivers.ts';
import { narrowedBy } from './state.ts';

/** The receipt of a permission or denial in the form of ISO/IEC TS 27560:2023. Codes and references only; nothing in it reveals a place. */
export interface Receipt {
  readonly schemaVersion: string;
  readonly recordId: string;
  readonly principalId: string;
  readonly language: string;
  readonly purpose: string;
  readonly lawfulBasis: string;
  readonly informationCategories: readonly string[];
  readonly controllerId: string;
  readonly recipients: readonly string[];
  /** Organisations that may not receive, even if `recipients` includes their class. */
  readonly excludedRecipients: readonly string[];
  readonly excludedRegions: readonly string[];
  readonly jurisdiction: string;
  readonly collectionMethod: string;
  readonly withdrawalMethod: string;
  /** Undefined for a denial, which counts from the time of its statement. */
  readonly validFrom: Instant | undefined;
  readonly explained: readonly string[];
  readonly interpreterId: string | undefined;
  readonly witnessId: string | undefined;
  readonly events: readonly ReceiptEvent[];
}

export interface ReceiptEvent {
  readonly state: 'given' | 'denied' | 'narrowed' | 'withdrawn' | 'ended' | 'expired';
  readonly at: Instant;
  readonly validUntil: Instant | undefined;
  /** `nobody`: it ended without a statement of a person. */
  readonly by: 'person' | 'guardian' | 'nobody';
  /** Why it ended, or the id of the denial that narrowed it. */
  readonly cause: string;
}

const SCHEMA = 'ISO/IEC TS 27560:2023';
/** The ways to withdraw a permission, at any time. */
const WITHDRAWAL = 'in-person-written-or-by-telephone-at-any-time';

export interface ReceiptContext {
  readonly country: string;
  /** Id of the person on receipts. It never identifies the file. */
  readonly principalId: string;
  /** The display name of an organisation: the person may be forced to show the receipt. */
  nameOf(organisation: string): string;
}

/** The receipt of a permission or of a denial; undefined if neither has that id. */
export function receiptOf(
  file: CaseFile,
  recordId: string,
  shown: ReceiptContext,
  now: Instant,
): Receipt | undefined {
  const permission = file.permissions.find((one) => one.permissionId === recordId);
  const denial = file.denials.find((one) => one.denialId === recordId);
  if (permission)
    return {
      ...recordOf(file, permission, shown),
      recordId,
      recipients: recipientsOf(permission.receivers, shown),
      validFrom: permission.validFrom,
      excludedRecipients: permission.receivers.excludedOrganisationIds.map((one) =>
        shown.nameOf(one),
      ),
      excludedRegions: permission.receivers.excludedRegions,
      events: eventsOf(permission, file, now),
    };
  return (
    denial && {
      ...recordOf(file, denial, shown),
      recordId,
      recipients: recipientsOf(denial, shown),
      excludedRecipients: [],
      excludedRegions: [],
      validFrom: undefined,
      events: [{ state: 'denied', ...statementOf(denial), cause: '' }],
    }
  );
}

/** The fields that receipts of permissions and of denials share. */
const recordOf = (
  file: CaseFile,
  { purpose, sections, given }: Permission | ConsentDenial,
  shown: ReceiptContext,
) => ({
  schemaVersion: SCHEMA,
  principalId: shown.principalId,
  controllerId: shown.nameOf(file.ownerOrg),
  purpose,
  lawfulBasis: 'explicit-consent',
  informationCategories: sections,
  language: given.language,
  jurisdiction: shown.country,
  withdrawalMethod: WITHDRAWAL,
  explained: given.explained,
  collectionMethod: given.interpreter ? `${given.form}-with-interpreter` : given.form,
  interpreterId: given.interpreterId,
  witnessId: given.witnessId,
});

type Receiving = Pick<ConsentDenial, 'serviceClasses' | 'organisationIds'>;
const recipientsOf = (
  { serviceClasses, organisationIds }: Receiving,
  shown: ReceiptContext,
): string[] => [...serviceClasses, ...organisationIds.map((one) => shown.nameOf(one))];

const statementOf = ({ given }: Permission | ConsentDenial) => ({
  ...({
    at: given.at,
    validUntil: undefined,
    by: given.guardianId === undefined ? 'person' : 'guardian',
  } as const),
});

/** The permission, then the denials that narrowed it, then its end. */
function eventsOf(permission: Permission, file: CaseFile, now: Instant): ReceiptEvent[] {
  const given: ReceiptEvent = {
    state: 'given',
    ...statementOf(permission),
    validUntil: permission.validUntil,
    cause: '',
  };
  const denials = narrowedBy(permission, effectiveDenials(file)).map(
    (denial): ReceiptEvent => ({
      state: 'narrowed',
      ...statementOf(denial),
      cause: denial.denialId,
    }),
  );
  return [
    given,
    ...denials.toSorted((one, other) => one.at - other.at),
    ...endOf(permission, file, now),
  ];
}

/** Causes that are the person's own decision. */
const PERSON_CAUSES: readonly EndCause[] = ['withdrawn', 'earlier-stage-withdrawn'];

function endOf(
  { permissionId, withdrawnAt, cause = 'withdrawn', validUntil }: Permission,
  { withdrawals }: CaseFile,
  now: Instant,
): ReceiptEvent[] {
  const nobody = { validUntil: undefined, by: 'nobody' } as const;
  if (withdrawnAt === undefined)
    return validUntil <= now
      ? [{ state: 'expired', at: validUntil, cause: 'expired', ...nobody }]
      : [];
  const statement = withdrawals.find((one) => one.permissionId === permissionId)?.statement;
  const by = statement?.guardianId === undefined ? 'person' : 'guardian';
  return PERSON_CAUSES.includes(cause)
    ? [{ state: 'withdrawn', at: withdrawnAt, cause, validUntil: undefined, by }]
    : [{ state: 'ended', at: withdrawnAt, cause, ...nobody }];
}
