import type { Meta } from '@opennrm/messaging';
import type { Transaction, WriteSet } from '@opennrm/runtime';
import type { CaseBasis } from '../domain/matching/basis.ts';
import type { CaseReference } from '../domain/need.ts';

const unknown = (caseReference: string): CaseBasis => ({
  caseReference: caseReference as CaseReference,
  registered: false,
  decidedPurposes: [],
  permissions: [],
  bases: [],
  apartIds: [],
});

/** What is known of a case. `rebuilt` grows beside `state` while a rebuild lasts. */
interface Known {
  readonly state: CaseBasis;
  readonly rebuilt: CaseBasis | null;
}

/** The cases that a transaction has locked, as it has changed them. What is found is a copy, as if it had been read again. */
const locked = {
  remember: (tx: Transaction, caseReference: string, known: Known): void =>
    void tx.memory.set(`case ${caseReference}`, known),
  find(tx: Transaction, caseReference: string): Known | undefined {
    const known = tx.memory.get(`case ${caseReference}`);
    return known === undefined ? undefined : (JSON.parse(JSON.stringify(known)) as Known);
  },
  forget: (tx: Transaction, caseReference: string): void =>
    void tx.memory.delete(`case ${caseReference}`),
};

/**
 * Locks what is known of these cases, in the order of their references, and reads it. A request and a vault event about the same case must see each other: without the
 * lock both could commit unseen, and the referral would wait for a basis that exists.
 */
export async function lockCases(
  tx: Transaction,
  caseReferences: readonly string[],
): Promise<CaseBasis[]> {
  const sorted = [...new Set(caseReferences)].sort();
  const unlocked = sorted.filter((reference) => !locked.find(tx, reference));
  if (unlocked.length > 0) await lockAndRead(tx, unlocked);
  return sorted.flatMap((reference) => locked.find(tx, reference)?.state ?? []);
}

async function lockAndRead(tx: Transaction, sorted: readonly string[]): Promise<void> {
  for (let tried = 1; tried <= TRIES; tried++) {
    const { rows } = await tx.query<Known & { case_reference: string }>({
      name: 'case-bases-lock',
      text: `WITH begun AS (
               INSERT INTO case_basis (case_reference, state) SELECT * FROM unnest($1::uuid[], $2::jsonb[]) ON CONFLICT DO NOTHING
               RETURNING case_reference, state, rebuilt),
             locked AS (
               SELECT case_reference, state, rebuilt FROM case_basis WHERE case_reference = ANY ($1::uuid[]) ORDER BY case_reference FOR UPDATE)
             SELECT * FROM begun UNION ALL SELECT * FROM locked`,
      values: [sorted, sorted.map((reference) => JSON.stringify(unknown(reference)))],
    });
    for (const { case_reference, ...known } of rows) locked.remember(tx, case_reference, known);
    // A row that another transaction has just added is in neither half; the second attempt finds it.
    if (rows.length === sorted.length) return;
  }
  throw new CasesNotLocked('fewer rows than case references');
}

/** A row is never deleted, so a row that the second attempt does not find will never be found. */
const TRIES = 2;

/** The given references are not those of the rows: a fault of the program, which must end with an error instead of waiting. */
class CasesNotLocked extends Error {
  override readonly name = 'CasesNotLocked';
}

interface Changed {
  readonly caseReference: string;
  readonly content: CaseBasis;
}

const contentOf = (rows: readonly Changed[]) => [
  rows.map(({ caseReference }) => caseReference),
  rows.map(({ content }) => JSON.stringify(content)),
];

const STATES: WriteSet<Changed> = {
  name: 'case-basis-store',
  text: 'UPDATE case_basis SET state = n.content FROM unnest($1::uuid[], $2::jsonb[]) AS n (id, content) WHERE case_reference = n.id',
  key: ({ caseReference }) => caseReference,
  values: contentOf,
};

const REBUILT: WriteSet<Changed> = {
  name: 'case-basis-rebuild',
  text: 'UPDATE case_basis SET rebuilt = n.content FROM unnest($1::uuid[], $2::jsonb[]) AS n (id, content) WHERE case_reference = n.id',
  key: ({ caseReference }) => caseReference,
  values: contentOf,
};

/**
 * Stores what the vault announced about a case. Only the stream of this case writes the row, so the order is the vault's. During a rebuild
 * the change is made beside the state that decisions read, and replaces it when the case is complete: no decision sees the past.
 */
export async function changeCaseBasis(
  tx: Transaction,
  caseReference: CaseReference,
  change: (known: CaseBasis) => CaseBasis,
  rebuild?: Meta['rebuild'],
): Promise<void> {
  await lockCases(tx, [caseReference]);
  const { state, rebuilt } = locked.find(tx, caseReference) ?? {
    state: unknown(caseReference),
    rebuilt: null,
  };
  if (rebuild === undefined) {
    const content = change(state);
    locked.remember(tx, caseReference, { state: content, rebuilt });
    tx.write(STATES, { caseReference, content });
  } else {
    const content = change(rebuilt ?? unknown(caseReference));
    locked.remember(tx, caseReference, { state, rebuilt: content });
    tx.write(REBUILT, { caseReference, content });
  }
}

/** The case is complete: decisions read its new state from now on. */
export async function replaceCaseBasis(tx: Transaction, caseReference: string): Promise<void> {
  await tx.query({
    name: 'case-basis-replace',
    text: 'UPDATE case_basis SET state = rebuilt, rebuilt = NULL WHERE case_reference = $1 AND rebuilt IS NOT NULL',
    values: [caseReference],
  });
  locked.forget(tx, caseReference);
}
