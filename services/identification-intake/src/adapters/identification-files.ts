import { topics } from '@opennrm/contracts/topics';
import { type AggregateKind, aggregateStore, outgoing } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { evolve, type IdentificationEvent, type IdentificationFile } from '../domain/identification-file.ts';

const kind: AggregateKind<IdentificationFile, IdentificationEvent> = {
  name: 'identification_file',
  evolve,
  row: (file) => ({ owner_org: file.ownerOrg }),
  messages(event, { caseReference }) {
    if (event.type !== 'ScreeningRead') return [];
    const { organisation: organisationId, person: personId, purpose, basis, at } = event;
    const value = { caseReference, organisationId, personId, content: 'screening', purpose, basis, at: new Date(at) };
    return [outgoing(topics.identificationIntakeForCaseVault, caseReference, { $case: 'disclosureMade', value })];
  },
  // A screening owes nothing to anyone by a time; the statutory clocks come with the formal steps.
  nextClock: () => undefined,
  async afterEvent(tx, event, { caseReference }) {
    if (event.type !== 'ScreeningRecorded') return;
    await tx.query({
      name: 'screening-map',
      text: 'INSERT INTO screening (screening_id, case_reference, owner_org) VALUES ($1, $2, $3)',
      values: [event.screeningId, caseReference, event.ownerOrg],
    });
  },
};

/** The one way an identification file is read and changed. */
export const identificationFiles = aggregateStore(kind);

/** The file that holds a screening. */
export async function fileOfScreening(tx: Transaction, screeningId: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ case_reference: string }>({
    name: 'screening-file',
    text: 'SELECT case_reference FROM screening WHERE screening_id = $1',
    values: [screeningId],
  });
  return rows[0]?.case_reference;
}
