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

/** The references under which the people of these cases are known, as the vault announced so far. */
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
 * Locks these cases and the other cases of the same people: a request under one reference and a request or vault event under another
 * must see each other. A vault event that adds a reference locks one of the earlier ones, so the people stay unchanged while the locks
 * are held.
 * Where the vault added a reference in the meantime the locks are released, and all are locked again in their order.
 */
export async function lockPeople(
  tx: Transaction,
  caseReferences: readonly CaseReference[],
): Promise<SamePerson> {
  let known = await samePersonOf(tx, caseReferences);
  for (;;) {
    const locked = allReferencesOf(caseReferences, known);
    const isWhole = await tx.savepoint(
      async () => {
        await lockCases(tx, locked);
        known = await samePersonOf(tx, caseReferences);
        return allReferencesOf(caseReferences, known).length === locked.length;
      },
      (whole) => whole,
    );
    if (isWhole) return known;
  }
}

/**
 * Stores that these references are one person, together with every reference known before to be the same. The order and the number of
 * the vault's events do not matter. The cases must be locked.
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
