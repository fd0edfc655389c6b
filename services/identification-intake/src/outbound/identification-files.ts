import { topics } from '@opennrm/contracts/topics';
import {
  type AggregateKind,
  aggregateStore,
  type OutgoingMessage,
  outgoing,
} from '@opennrm/messaging';
import type { Statement, Transaction } from '@opennrm/runtime';
import { dueOf, waitsFor } from '../domain/formal-process/asking.ts';
import { escalatedTo, type FormalProcess } from '../domain/formal-process/procedure.ts';
import { nextDue } from '../domain/formal-process/time-passes.ts';
import {
  evolve,
  type IdentificationEvent,
  type IdentificationFile,
} from '../domain/identification-file.ts';

const kind: AggregateKind<IdentificationFile, IdentificationEvent> = {
  name: 'identification_file',
  evolve,
  row: (file) => ({ owner_org: file.ownerOrg, ...procedureColumns(file.procedure) }),
  messages: messagesOf,
  // A screening has no deadline; the formal process has.
  nextDeadline({ procedure }) {
    const due = procedure && nextDue(procedure);
    return due === undefined ? undefined : { kind: 'formal-process', due };
  },
  async afterEvent(tx, event, { caseReference }) {
    if (event.type === 'ScreeningBegun')
      await tx.query({
        name: 'screening-map',
        text: 'INSERT INTO screening (screening_id, case_reference, owner_org) VALUES ($1, $2, $3)',
        values: [event.screeningId, caseReference, event.ownerOrg],
      });
    if (event.type === 'ProcessBegun')
      await tx.query({
        name: 'procedure-map',
        text: 'INSERT INTO procedure_reference (process_id, marker_id, case_reference) VALUES ($1, $2, $3)',
        values: [event.processId, event.markerId, caseReference],
      });
  },
};

/**
 * Columns for lists: who referred it, to whom it was sent, whom it waits for and by when, and which role was last notified of a delay.
 */
function procedureColumns(procedure: FormalProcess | undefined) {
  if (!procedure)
    return {
      referred_by: null,
      authority: null,
      process_id: null,
      stage: null,
      waits_for: null,
      due: null,
      escalated_to: null,
    };
  const { referredBy, processId, stage, submission } = procedure;
  return {
    referred_by: referredBy,
    process_id: processId,
    stage: stage.at,
    // An authority to which it was not sent has no access to it, whatever happens to the draft.
    authority: submission ? procedure.authority : null,
    waits_for: waitsFor(procedure),
    due: dueOf(procedure) ?? null,
    escalated_to: escalatedTo(procedure) ?? null,
  };
}

/** The vault is notified of each read, so that the person can see it. */
function messagesOf(
  event: IdentificationEvent,
  { caseReference }: IdentificationFile,
): OutgoingMessage[] {
  const disclosure = (
    content: string,
    { organisation: organisationId, person: personId, purpose, basis, at }: Reading,
  ) => {
    const value = {
      caseReference,
      organisationId,
      personId,
      content,
      purpose,
      basis,
      at: new Date(at),
    };
    return [
      outgoing(topics.identificationIntakeForCaseVault, caseReference, {
        $case: 'disclosureMade',
        value,
      }),
    ];
  };
  switch (event.type) {
    case 'ScreeningRead':
      return disclosure('screening', event);
    case 'ProcessRead':
      return disclosure('identification', event);
    case 'RemovalBarChecked':
      return disclosure('removal', { ...event, purpose: 'no-removal', basis: 'legal-obligation' });
    default:
      return [];
  }
}

interface Reading {
  readonly organisation: string;
  readonly person: string;
  readonly purpose: string;
  readonly basis: string;
  readonly at: number;
}

/** The only way to read and change an identification file. */
export const identificationFiles = aggregateStore(kind);

const fileBy =
  (statement: Omit<Statement, 'values'>) =>
  async (tx: Transaction, id: string): Promise<string | undefined> => {
    const { rows } = await tx.query<{ case_reference: string }>({ ...statement, values: [id] });
    return rows[0]?.case_reference;
  };

/** Finds the file of a screening. */
export const fileOfScreening = fileBy({
  name: 'screening-file',
  text: 'SELECT case_reference FROM screening WHERE screening_id = $1',
});
/** Finds the file of a procedure. */
export const fileOfProcedure = fileBy({
  name: 'procedure-file',
  text: 'SELECT case_reference FROM procedure_reference WHERE process_id = $1',
});
/** Finds the file of the person who carries a marker. */
export const fileOfMarker = fileBy({
  name: 'marker-file',
  text: 'SELECT case_reference FROM procedure_reference WHERE marker_id = $1',
});
