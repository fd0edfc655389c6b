import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { EndedBecause, Permission, Refusal } from './given.ts';
import { countingNoes } from './left.ts';
import { narrowedBy } from './state.ts';

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
  /** Who may not receive, whatever is said of recipients. */
  readonly excludedRecipients: readonly string[];
  readonly excludedRegions: readonly string[];
  readonly jurisdiction: string;
  readonly collectionMethod: string;
  readonly withdrawalMethod: string;
  /** From when; undefined for a no, which counts from when it was said. */
  readonly validFrom: Instant | undefined;
  readonly explained: readonly string[];
  readonly interpreterId: string | undefined;
  readonly witnessId: string | undefined;
  readonly events: readonly ReceiptEvent[];
}

export interface ReceiptEvent {
  readonly state: 'given' | 'refused' | 'narrowed' | 'withdrawn' | 'ended' | 'expired';
  readonly at: Instant;
  readonly validUntil: Instant | undefined;
  /** `nobody`: it ended without anybody's word. */
  readonly by: 'person' | 'guardian' | 'nobody';
  /** Why it ended, or the record of the no that narrowed it. */
  readonly because: string;
}

const SCHEMA = 'ISO/IEC TS 27560:2023';
/** How she takes it back: to anybody, by any way, at any time. */
const WITHDRAWAL = 'in-person-written-or-by-telephone-at-any-time';

export interface Shown {
  readonly country: string;
  /** Who she is on her receipts: an id by which nobody finds her file. */
  readonly principalId: string;
  /** What stands for an organisation: she may be made to show the list. */
  nameOf(organisation: string): string;
}

/** The receipt of a permission or of a refusal; undefined when there is none by that id. */
export function receiptOf(file: CaseFile, recordId: string, shown: Shown, now: Instant): Receipt | undefined {
  const yes = file.permissions.find((one) => one.permissionId === recordId);
  const no = file.refusals.find((one) => one.refusalId === recordId);
  if (yes)
    return {
      ...recordOf(file, yes, shown),
      ...{ recordId, recipients: recipientsOf(yes.receivers, shown), validFrom: yes.validFrom },
      excludedRecipients: yes.receivers.excludedOrganisationIds.map((one) => shown.nameOf(one)),
      ...{ excludedRegions: yes.receivers.excludedRegions, events: eventsOf(yes, file, now) },
    };
  return (
    no && {
      ...recordOf(file, no, shown),
      ...{ recordId, recipients: recipientsOf(no, shown), excludedRecipients: [], excludedRegions: [] },
      ...{ validFrom: undefined, events: [{ state: 'refused', ...said(no), because: '' }] },
    }
  );
}

/** What a yes and a no have in common. */
const recordOf = (file: CaseFile, { purpose, sections, given }: Permission | Refusal, shown: Shown) => ({
  ...{ schemaVersion: SCHEMA, principalId: shown.principalId, controllerId: shown.nameOf(file.ownerOrg) },
  ...{ purpose, lawfulBasis: 'explicit-consent', informationCategories: sections, language: given.language },
  ...{ jurisdiction: shown.country, withdrawalMethod: WITHDRAWAL, explained: given.explained },
  collectionMethod: given.interpreter ? `${given.form}-with-interpreter` : given.form,
  ...{ interpreterId: given.interpreterId, witnessId: given.witnessId },
});

type Receiving = Pick<Refusal, 'serviceClasses' | 'organisationIds'>;
const recipientsOf = ({ serviceClasses, organisationIds }: Receiving, shown: Shown): string[] => [
  ...serviceClasses,
  ...organisationIds.map((one) => shown.nameOf(one)),
];

const said = ({ given }: Permission | Refusal) => ({
  ...({ at: given.at, validUntil: undefined, by: given.guardianId === undefined ? 'person' : 'guardian' } as const),
});

/** Given, then her noes since, then how it ended, if it did. */
function eventsOf(permission: Permission, file: CaseFile, now: Instant): ReceiptEvent[] {
  const given: ReceiptEvent = { state: 'given', ...said(permission), validUntil: permission.validUntil, because: '' };
  const noes = narrowedBy(permission, countingNoes(file)).map(
    (no): ReceiptEvent => ({ state: 'narrowed', ...said(no), because: no.refusalId }),
  );
  return [given, ...noes.toSorted((one, other) => one.at - other.at), ...endOf(permission, file, now)];
}

/** Ends that are her own word. */
const HER_WORD: readonly EndedBecause[] = ['withdrawn', 'stage-before-withdrawn'];

function endOf(
  { permissionId, withdrawnAt, because = 'withdrawn', validUntil }: Permission,
  { withdrawals }: CaseFile,
  now: Instant,
): ReceiptEvent[] {
  const nobody = { validUntil: undefined, by: 'nobody' } as const;
  if (withdrawnAt === undefined)
    return validUntil <= now ? [{ state: 'expired', at: validUntil, because: 'over', ...nobody }] : [];
  const said = withdrawals.find((one) => one.permissionId === permissionId)?.said;
  const by = said?.guardianId === undefined ? 'person' : 'guardian';
  return HER_WORD.includes(because)
    ? [{ state: 'withdrawn', at: withdrawnAt, because, validUntil: undefined, by }]
    : [{ state: 'ended', at: withdrawnAt, because, ...nobody }];
}
