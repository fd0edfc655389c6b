import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile, LegalBasis } from '../domain/case-file.ts';
import type { ConsentDenial, Permission } from '../domain/permission/consent-records.ts';
import { effectiveDenials } from '../domain/permission/effective-receivers.ts';
import { type Receipt, receiptOf } from '../domain/permission/receipt.ts';
import { narrowedBy, stateOf } from '../domain/permission/state.ts';
import { type AgreementRow, agreementsOf } from '../outbound/agreements.ts';
import { derivedId } from '../outbound/derived-id.ts';
import { ownFile } from './case-access.ts';
import { type DisplayName, type DisplayNameOf, displayNamesOf } from './display-names.ts';

export async function receipt(
  tx: Transaction,
  pack: CountryPack,
  { caseId, recordId }: { readonly caseId: string; readonly recordId: string },
  call: Call,
): Promise<Answer<Receipt>> {
  const file = await ownFile(tx, caseId, call.actor);
  if (!file) return refused('not-found', 'case_id');
  const record = recordOf(file, recordId);
  const names = await displayNamesOf(tx, pack, file, [
    file.ownerOrg,
    ...(record ? namedIn(record) : []),
  ]);
  const shown = {
    country: pack.country,
    principalId: derivedId('principal', caseId),
    nameOf: (id: string) => nameOnReceipt(names(id)),
  };
  const found = receiptOf(file, recordId, shown, call.at);
  return found ? answer(found) : refused('not-found', 'record_id');
}

/** A yes or a no by its id. */
const recordOf = (
  { permissions, denials }: CaseFile,
  id: string,
): Permission | ConsentDenial | undefined =>
  permissions.find((one) => one.permissionId === id) ?? denials.find((one) => one.denialId === id);

const namedIn = (record: Permission | ConsentDenial): readonly string[] =>
  'receivers' in record
    ? [...record.receivers.organisationIds, ...record.receivers.excludedOrganisationIds]
    : record.organisationIds;

/** One of a class is not the whole class: not every shelter was permitted, and not all of them were excluded. */
const nameOnReceipt = ({ organisation, serviceClass = 'unnamed' }: DisplayName): string =>
  organisation ?? `one-of:${serviceClass}`;

export interface Detail {
  readonly record: Permission | ConsentDenial;
  readonly state: string;
  readonly narrowedBy: readonly string[];
}

/** One yes or no in full, for those who answer for the file. */
export async function detail(
  tx: Transaction,
  { caseId, permissionId }: { readonly caseId: string; readonly permissionId: string },
  call: Call,
): Promise<Answer<Detail>> {
  const file = await ownFile(tx, caseId, call.actor);
  if (!file) return refused('not-found', 'case_id');
  const record = recordOf(file, permissionId);
  if (!record) return refused('not-found', 'permission_id');
  if (!('receivers' in record)) return answer({ record, state: 'denied', narrowedBy: [] });
  const denials = narrowedBy(record, effectiveDenials(file)).map(({ denialId }) => denialId);
  return answer({
    record,
    state: stateOf(record, effectiveDenials(file), call.at),
    narrowedBy: denials,
  });
}

export type Consent = { readonly at: number; readonly id: string } & (
  | { readonly kind: 'agreement'; readonly row: AgreementRow }
  | { readonly kind: 'permission'; readonly permission: Permission; readonly state: string }
  | { readonly kind: 'refusal'; readonly denial: ConsentDenial }
  | { readonly kind: 'basis'; readonly basis: LegalBasis; readonly controller: string | undefined }
);

/** Agreements, permissions and noes, and legal bases: one list, newest first. */
export async function list(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  {
    before,
    size,
  }: { readonly before: { readonly at: number; readonly id: string }; readonly size: number },
  call: Call,
): Promise<Answer<readonly Consent[]>> {
  const file = await ownFile(tx, caseId, call.actor);
  if (!file) return refused('not-found', 'case_id');
  const agreements = await agreementsOf(tx, caseId, before, size);
  const names = await displayNamesOf(
    tx,
    pack,
    file,
    file.bases.map(({ controller }) => controller),
  );
  const comesBefore = ({ at, id }: Consent): boolean =>
    at < before.at || (at === before.at && id < before.id);
  const all = [
    ...agreements.map((row): Consent => ({ at: row.at, id: row.hold_id, kind: 'agreement', row })),
    ...recordsOf(file, names, call.at).filter(comesBefore),
  ];
  return answer(all.toSorted(newestFirst).slice(0, size));
}

const newestFirst = (one: Consent, other: Consent): number =>
  other.at - one.at || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);

const recordsOf = (file: CaseFile, names: DisplayNameOf, now: Instant): Consent[] => [
  ...file.permissions.map(
    (permission): Consent => ({
      at: permission.given.at,
      id: permission.permissionId,
      kind: 'permission',
      permission,
      state: stateOf(permission, effectiveDenials(file), now),
    }),
  ),
  ...file.denials.map(
    (denial): Consent => ({ at: denial.given.at, id: denial.denialId, kind: 'refusal', denial }),
  ),
  ...file.bases.map(
    (basis): Consent => ({
      at: basis.validFrom,
      id: basis.basisId,
      kind: 'basis',
      basis,
      controller: names(basis.controller).organisation,
    }),
  ),
];
