import type { CaseFile } from '../case-file.ts';
import type { Permission, Refusal } from './given.ts';

/**
 * What she takes with her: the record of her yes or no in the shape of ISO/IEC TS 27560:2023 (consent record information structure), with its
 * header, processing, party and event parts. Codes and references only; nothing in it says where she is.
 */
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
  readonly jurisdiction: string;
  readonly collectionMethod: string;
  readonly withdrawalMethod: string;
  readonly events: readonly ReceiptEvent[];
}

export interface ReceiptEvent {
  readonly state: 'given' | 'refused' | 'withdrawn' | 'expired';
  readonly at: number;
  readonly validUntil: number | undefined;
  readonly by: 'person' | 'guardian';
}

const SCHEMA = 'ISO/IEC TS 27560:2023';
/** How she takes it back: to anybody, by any way, at any time. */
const WITHDRAWAL = 'in-person-written-or-by-telephone-at-any-time';

export interface Shown {
  readonly country: string;
  /** Classes of which no organisation is named to her: she may be made to show the list. */
  readonly hidden: readonly string[];
  /** The class of a named organisation, where it is known. */
  classOf(organisation: string): string | undefined;
}

/** The receipt of a permission or of a refusal; undefined when there is none by that id. */
export function receiptOf(file: CaseFile, recordId: string, shown: Shown, now: number): Receipt | undefined {
  const yes = file.permissions.find((one) => one.permissionId === recordId);
  const no = file.refusals.find((one) => one.refusalId === recordId);
  const record = yes ?? no;
  if (!record) return undefined;
  const named = yes ? yes.receivers : (no as Refusal);
  return {
    ...{ schemaVersion: SCHEMA, recordId, principalId: file.caseId, language: record.given.language },
    ...{ purpose: record.purpose, lawfulBasis: 'explicit-consent', informationCategories: record.sections },
    ...{ controllerId: file.ownerOrg, jurisdiction: shown.country, withdrawalMethod: WITHDRAWAL },
    recipients: [...named.serviceClasses, ...named.organisationIds.map((one) => shownName(one, shown))],
    collectionMethod: record.given.interpreter ? `${record.given.form}-with-interpreter` : record.given.form,
    events: yes ? eventsOf(yes, now) : [{ state: 'refused', ...said(no as Refusal) }],
  };
}

const said = ({ given }: Permission | Refusal) => ({
  ...({ at: given.at, validUntil: undefined, by: given.guardianId === undefined ? 'person' : 'guardian' } as const),
});

function eventsOf(permission: Permission, now: number): ReceiptEvent[] {
  const { withdrawnAt, validUntil } = permission;
  const given: ReceiptEvent = { state: 'given', ...said(permission), validUntil };
  if (withdrawnAt !== undefined)
    return [given, { state: 'withdrawn', at: withdrawnAt, validUntil: undefined, by: 'person' }];
  return validUntil <= now
    ? [given, { state: 'expired', at: validUntil, validUntil: undefined, by: 'person' }]
    : [given];
}

/** A place to stay is shown by its class alone. */
function shownName(organisation: string, { hidden, classOf }: Shown): string {
  const serviceClass = classOf(organisation);
  return serviceClass !== undefined && hidden.includes(serviceClass) ? serviceClass : organisation;
}
