import { randomUUID } from 'node:crypto';
import type { Call, Rpc } from '@opennrm/runtime';
import { after } from '@opennrm/runtime/decision';
import { type OrderedList, specifyListOrders } from '@opennrm/testkit';
import { afterEach, beforeEach } from 'vitest';
import * as consents from '../../handlers/consents.ts';
import { rememberAgreement } from '../../outbound/agreements.ts';
import { logDisclosure } from '../../outbound/disclosures.ts';
import {
  callOf,
  noon,
  type Subject,
  vaultDatabase,
} from '../../outbound/vault-database.fixture.ts';
import { caseVaultRpcs } from './case.ts';
import { caseRecordRpcs } from './case-record.ts';
import { newestFirst as newestFirstPages } from './fields.ts';
import { safeguardRpcs } from './safeguards.ts';

/** A row of any list, with the values by which lists are filtered and ordered. */
interface Row {
  readonly id: string;
  readonly at: number;
  /** Whether it belongs to the case of the list, or to the organisation that asks. */
  readonly isOwn: boolean;
  /** Which of two kinds of rows it is in a list that joins both: by case or by reference, permission or agreement. */
  readonly isFirstKind: boolean;
}

/** So small that in every list a page ends between rows of one moment. */
const PAGE_SIZE = 2;
/** Several rows for each moment, not in order of time. */
const MOMENTS = [500, 300, 500, 100, 300, 500, 300];
const SECTION = 'health';
/** In milliseconds: consents are given in the second before noon. */
const SECOND = 1_000;

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
let own: Subject;
let other: Subject;
beforeEach(async () => {
  vault = await vaultDatabase();
  own = await vault.opened();
  other = await vault.opened();
  await vault.writes(own, SECTION, 'Synthetic words of nobody');
});
afterEach(() => vault.drop());

async function answered<Request, Response>(
  rpc: Rpc<Request, Response>,
  request: Request,
  call: Call,
) {
  if (rpc.kind !== 'unary') throw new Error('not a unary rpc');
  const checked = rpc.check(request);
  if (!checked.ok)
    throw new Error(checked.problems.map(({ field, rule }) => `${field}: ${rule}`).join('; '));
  const given = await vault.inTransaction((tx) => checked.work(tx, call));
  if (given.kind !== 'answer') throw new Error(given.refusal);
  return given.response;
}

const ofCase = ({ isOwn }: Row): Subject => (isOwn ? own : other);
const owner = (): Call => callOf(own.owner);

const addAlert = (row: Row, role: string) =>
  vault.database.query(
    'INSERT INTO alert (case_id, code, about, owner_org, role, raised_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [ofCase(row).caseId, codeOf(row), row.id, ofCase(row).owner, role, row.at],
  );
const codeOf = ({ isFirstKind }: Row): string => (isFirstKind ? 'call-back' : 'acknowledgement');
const alerts = async (call: Call, pageToken: string) => {
  const { listAlerts } = safeguardRpcs(vault.pack);
  const page = await answered(listAlerts, { pageSize: PAGE_SIZE, pageToken }, call);
  return { ids: page.alerts.map(({ about }) => about), nextPageToken: page.nextPageToken };
};

const addDisclosure = (row: Row) =>
  vault.inTransaction(async (tx) =>
    logDisclosure(tx, {
      id: row.id,
      at: row.at,
      byService: 'referral',
      organisationId: randomUUID(),
      content: 'offer',
      purpose: 'accommodation',
      basis: 'vital-interest',
      ...(row.isFirstKind
        ? { caseId: ofCase(row).caseId }
        : { service: 'referral', reference: ofCase(row).reference, holdId: randomUUID() }),
    }),
  );
const disclosures = async (pageToken: string) => {
  const { listDisclosures } = caseVaultRpcs(vault.pack, vault.sealedStore);
  const request = { caseId: own.caseId, pageSize: PAGE_SIZE, pageToken, forThePerson: false };
  const page = await answered(listDisclosures, request, owner());
  return {
    ids: page.disclosures.map(({ disclosureId }) => disclosureId),
    nextPageToken: page.nextPageToken,
  };
};

const addAttachment = (row: Row) =>
  vault.database.query(
    `INSERT INTO attachment (attachment_id, case_id, section, kind, pieces, sha256, complete, written_by, at)
     VALUES ($1, $2, $3, 'pdf', 1, '', $4, $5, $6)`,
    [row.id, ofCase(row).caseId, SECTION, row.isFirstKind, ofCase(row).owner, row.at],
  );
const attachments = async (pageToken: string) => {
  const { listAttachments } = caseRecordRpcs(vault.pack, vault.sealedStore, vault.database);
  const subject = { caseId: own.caseId, holdId: '', personId: '' };
  const request = {
    ...subject,
    section: SECTION,
    purpose: 'accommodation',
    pageSize: PAGE_SIZE,
    pageToken,
  };
  const page = await answered(listAttachments, request, owner());
  return {
    ids: page.attachments.map(({ attachmentId }) => attachmentId),
    nextPageToken: page.nextPageToken,
  };
};

/** An agreement or a permission; both are in one list. */
const addConsent = async (row: Row) => {
  const [subject, at] = [ofCase(row), after(noon, row.at - SECOND)];
  if (!row.isFirstKind)
    return vault.permits(subject, SECTION, { permissionId: row.id, given: vault.given({ at }) });
  const service = { holdId: row.id, serviceId: randomUUID(), organisationId: randomUUID() };
  const agreement = {
    ...service,
    caseReference: subject.reference,
    serviceClass: 'safe-accommodation',
    agreed: true,
  };
  return vault.inTransaction((tx) => rememberAgreement(tx, { ...agreement, at }));
};
/** Calls the handler, because the rpc answers with a separate list for each kind. */
const consentsPage = async (pageToken: string) => {
  const page = { before: newestFirstPages.pageToken.parse(pageToken), size: PAGE_SIZE };
  const given = await vault.inTransaction((tx) =>
    consents.list(tx, vault.pack, own.caseId, page, owner()),
  );
  if (given.kind !== 'answer') throw new Error(given.refusal);
  const nextPageToken = newestFirstPages.nextPageToken(given.response, PAGE_SIZE, ({ at, id }) => ({
    at,
    id,
  }));
  return { ids: given.response.map(({ id }) => id), nextPageToken };
};

const ofRow = { idOf: ({ id }: Row) => id, positionOf: ({ at, id }: Row) => [at, id] };
const newestFirst = { ...ofRow, order: 'newest first', direction: 'descending' } as const;
const longestFirst = {
  ...ofRow,
  order: 'oldest first',
  direction: 'ascending',
  positionOf: (row: Row) => [row.at, ofCase(row).caseId, codeOf(row), row.id],
} as const;
const isOwn = (row: Row): boolean => row.isOwn;

const lists: Readonly<Record<string, OrderedList<Row>>> = {
  'alerts of every organisation': {
    ...longestFirst,
    add: (row) => addAlert(row, 'data-protection-officer'),
    page: (token) =>
      alerts(
        callOf(vault.deskHolderOf('data-protection-officer'), noon, 'data-protection-officer'),
        token,
      ),
    has: () => true,
  },
  // A first responder sees the alerts of two roles, which are read separately.
  'alerts of one organisation': {
    ...longestFirst,
    add: (row) => addAlert(row, row.isFirstKind ? 'responder' : 'caseworker'),
    page: (token) => alerts(callOf(own.owner, noon, 'responder'), token),
    has: isOwn,
  },
  'consents of three kinds': { ...newestFirst, add: addConsent, page: consentsPage, has: isOwn },
  disclosures: { ...newestFirst, add: addDisclosure, page: disclosures, has: isOwn },
  attachments: {
    ...newestFirst,
    add: addAttachment,
    page: attachments,
    has: (row) => row.isOwn && row.isFirstKind,
  },
};

const rowAt = (at: number, ofOwn: boolean, isFirstKind: boolean): Row => ({
  id: randomUUID(),
  at,
  isOwn: ofOwn,
  isFirstKind,
});

specifyListOrders(lists, {
  atTheStart: () =>
    MOMENTS.flatMap((at) => [
      rowAt(at, true, true),
      rowAt(at, true, false),
      rowAt(at, false, true),
      rowAt(at, false, false),
    ]),
  between: () => [50, 300, 500, 900].map((at) => rowAt(at, true, true)),
});
