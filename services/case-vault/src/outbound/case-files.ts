import { type AggregateKind, aggregateStore } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { CaseFile } from '../domain/case-file.ts';
import { nextDeadline } from '../domain/deadlines.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { evolve } from '../domain/evolve.ts';
import { projectAlert } from './alerts.ts';
import { messagesOf, type PublishingRules } from './published.ts';

const kind: AggregateKind<CaseFile, CaseFileEvent, PublishingRules> = {
  name: 'case_file',
  evolve,
  row: (file) => ({ owner_org: file.ownerOrg }),
  messages: messagesOf,
  nextDeadline: (file) => {
    const next = nextDeadline(file);
    return next && { kind: next.code, due: next.due };
  },
  async afterEvent(tx, event, file) {
    if (event.type === 'ReferenceRegistered')
      await mapReference(tx, event.service, event.reference, file.caseId);
    if (event.type === 'OpeningRequested')
      await rememberOpening(tx, event.opening.openingId, file.caseId);
    await projectAlert(tx, event, file);
  },
};

const mapReference = (tx: Transaction, service: string, reference: string, caseId: string) =>
  tx.query({
    name: 'reference-map',
    text: 'INSERT INTO case_reference (service, reference, case_id) VALUES ($1, $2, $3)',
    values: [service, reference, caseId],
  });

const rememberOpening = (tx: Transaction, openingId: string, caseId: string) =>
  tx.query({
    name: 'opening-remember',
    text: 'INSERT INTO opening (opening_id, case_id) VALUES ($1, $2)',
    values: [openingId, caseId],
  });

/** The case of a break-glass opening. */
export async function caseOfOpening(
  tx: Transaction,
  openingId: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ case_id: string }>({
    name: 'opening-case',
    text: 'SELECT case_id FROM opening WHERE opening_id = $1',
    values: [openingId],
  });
  return rows[0]?.case_id;
}

/** The only way to read and change a case file. */
export const caseFiles = aggregateStore(kind);

/** The case of a service's reference; undefined if the reference is not registered. */
export async function caseOfReference(
  tx: Transaction,
  service: string,
  reference: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ case_id: string }>({
    name: 'reference-case',
    text: 'SELECT case_id FROM case_reference WHERE service = $1 AND reference = $2',
    values: [service, reference],
  });
  return rows[0]?.case_id;
}

/** Locks case files in the order of their ids, so that two such calls cannot deadlock. */
export const lockCases = (tx: Transaction, caseIds: readonly string[]) =>
  tx.query({
    name: 'case-files-lock',
    text: 'SELECT 1 FROM case_file WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE',
    values: [caseIds],
  });
