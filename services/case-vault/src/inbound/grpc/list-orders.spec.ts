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

/** A row of any list, by what the lists are ordered by and choose by. */
interface Row {
  readonly id: string;
  readonly at: number;
  /** Of the case that the list is of, or of the organisation that asks. */
  readonly isOwn: boolean;
  /** Rows of one list that are found in two ways: by the case or by a reference, as an agreement or as a permission. */
  readonly isFirstWay: boolean;
}

/** Ends a page between rows of one moment in every list. */
const PAGE_SIZE = 2;
/** Several rows of each moment, and not in the order of time. */
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
  if (rpc.kind !== 'unary') throw new Error('an rpc with one answer');
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
const codeOf = ({ isFirstWay }: Row): string => (isFirstWay ? 'call-back' : 'acknowledgement');
const alerts = async (call: Call, pageToken: string) => {
  const { listAlerts } = safeguardRpcs(vault.pack);
  const page = await answered(listAlerts, { pageSize: PAGE_SIZE, pageToken }, call);
  return { ids: page.alerts.map(({ about }) => about), nextPageToken: page.nextPageToken };
};

const addDisclosure = (row: Row) =>
  vault.inTransaction((tx) =>
    logDisclosure(tx, {
      id: row.id,
      at: row.at,
      byService: 'referral',
      organisationId: randomUUID(),
      content: 'offer',
      purpose: 'accommodation',
      basis: 'vital-interest',
      ...(row.isFirstWay
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
    [row.id, ofCase(row).caseId, SECTION, row.isFirstWay, ofCase(row).owner, row.at],
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

/** An agreement of the person to a service, or a permission that the person gave: both stand in one list. */
const addConsent = async (row: Row) => {
  const [subject, at] = [ofCase(row), after(noon, row.at - SECOND)];
  if (!row.isFirstWay)
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
/** The answer keeps the kinds apart: the order of all is that of the handler. */
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
  order: 'by what waits longest',
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
        callOf(vault.bodyOf('data-protection-officer'), noon, 'data-protection-officer'),
        token,
      ),
    has: () => true,
  },
  // A first responder sees those of two desks, each read by itself.
  'alerts of one organisation': {
    ...longestFirst,
    add: (row) => addAlert(row, row.isFirstWay ? 'responder' : 'caseworker'),
    page: (token) => alerts(callOf(own.owner, noon, 'responder'), token),
    has: isOwn,
  },
  'consents of three kinds': { ...newestFirst, add: addConsent, page: consentsPage, has: isOwn },
  disclosures: { ...newestFirst, add: addDisclosure, page: disclosures, has: isOwn },
  attachments: {
    ...newestFirst,
    add: addAttachment,
    page: attachments,
    has: (row) => row.isOwn && row.isFirstWay,
  },
};

const rowAt = (at: number, ofOwn: boolean, isFirstWay: boolean): Row => ({
  id: randomUUID(),
  at,
  isOwn: ofOwn,
  isFirstWay,
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
