import { randomUUID } from 'node:crypto';
import type { Transaction } from '@opennrm/runtime';
import type { CaseReference } from '../domain/need.ts';
import { allReferencesOf, type SamePerson } from '../domain/same-person.ts';
import { lockCases } from './case-bases.ts';

interface Row {
  readonly case_reference: CaseReference;
  readonly person: string;
}

const rowsOf = async (tx: Transaction, caseReferences: readonly string[]): Promise<Row[]> => {
  const { rows } = await tx.query<Row>({
    name: 'same-person',
    text: `SELECT case_reference, person FROM same_person
           WHERE person IN (SELECT person FROM same_person WHERE case_reference = ANY ($1::uuid[]))`,
    values: [caseReferences],
  });
  return rows;
};

/** By which references the people of these cases are known, as the vault has said so far. */
export async function samePersonOf(
  tx: Transaction,
  caseReferences: readonly string[],
): Promise<SamePerson> {
  const rows = await rowsOf(tx, caseReferences);
  const byPerson = Map.groupBy(rows, ({ person }) => person);
  return new Map(
    rows.map((row) => [
      row.case_reference,
      (byPerson.get(row.person) ?? []).map((one) => one.case_reference),
    ]),
  );
}

/**
 * Locks these cases, and those of the same people: a request under one reference and a request or a word of the vault under another must see one another.
 * Whoever tells of one more reference locks one of those known before, so that the people stay as they are from then on.
 * @param unlock gives the locks back, where the vault told of one more reference meanwhile: all are locked anew, in their order.
 */
export async function lockPeople(
  tx: Transaction,
  caseReferences: readonly CaseReference[],
  unlock: () => Promise<unknown>,
): Promise<SamePerson> {
  let known = await samePersonOf(tx, caseReferences);
  for (;;) {
    const locked = allReferencesOf(caseReferences, known);
    await lockCases(tx, locked);
    known = await samePersonOf(tx, caseReferences);
    if (allReferencesOf(caseReferences, known).length === locked.length) return known;
    await unlock();
  }
}

/**
 * Keeps that these references are one person; also who was known by one of them before. It does not matter in which order, or how often, the vault's events
 * arrive. The cases must be locked.
 */
export async function storeSamePerson(
  tx: Transaction,
  caseReferences: readonly string[],
): Promise<void> {
  if (caseReferences.length < 2) return;
  const known = await rowsOf(tx, caseReferences);
  const person = known[0]?.person ?? randomUUID();
  const references = new Set([...known.map((row) => row.case_reference), ...caseReferences]);
  const isKnown = known.length === references.size && known.every((row) => row.person === person);
  if (isKnown) return;
  await tx.query({
    name: 'same-person-store',
    text: `INSERT INTO same_person (case_reference, person) SELECT unnest($1::uuid[]), $2
           ON CONFLICT (case_reference) DO UPDATE SET person = excluded.person`,
    values: [[...references], person],
  });
}
