import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import type { CountryPack } from '@opennrm/country';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { Directory } from '../domain/directory.ts';
import type { Knowledge } from '../domain/in-turn.ts';
import type { CaseBasis } from '../domain/matching/basis.ts';
import type { CapacityHint, Service } from '../domain/matching/service.ts';

interface ServiceRow {
  id: string;
  version: number;
  hint: { free: number; as_of: number; rose_at: number | null; rose_by: string | null } | null;
  open_offers: number;
  unanswered: number;
}

/** What is read for a decision only when it turns out to look at it: most need neither. */
type Looked = Partial<Pick<Knowledge, 'services' | 'bases'>>;

class NotRead extends Error {
  readonly what: keyof Looked;
  constructor(what: keyof Looked) {
    super(`${what} are not read yet`);
    this.what = what;
  }
}

/** Asks for a decision about these cases; it is pure, so it is asked again with what it looked at and was not read yet. */
export async function decideKnowing<Result>(
  tx: Transaction,
  pack: CountryPack,
  now: Instant,
  caseReferences: readonly string[],
  decide: (knowing: Knowledge) => Result,
): Promise<Result> {
  const looked: Looked = {};
  const known = <What extends keyof Looked>(what: What): Knowledge[What] => {
    const value: Knowledge[What] | undefined = looked[what];
    if (value === undefined) throw new NotRead(what);
    return value;
  };
  for (;;) {
    try {
      return decide({
        ...{ now, pack, mint: randomUUID },
        get services() {
          return known('services');
        },
        get bases() {
          return known('bases');
        },
      });
    } catch (error) {
      if (!(error instanceof NotRead)) throw error;
      if (error.what === 'services') Object.assign(looked, { services: await servicesOf(tx, pack, now) });
      else Object.assign(looked, { bases: await basesOf(tx, caseReferences) });
    }
  }
}

/** Entries of the directory by id: read once for each version, since every decision looks at all of them. */
const entries = new Map<string, { readonly version: number; readonly entry: Directory }>();

/** The directory with its hints; a service that was never accredited is not read. */
async function servicesOf(tx: Transaction, pack: CountryPack, now: Instant): Promise<Service[]> {
  const { rows } = await tx.query<ServiceRow>({
    name: 'services-known',
    text: `SELECT s.id, s.version, to_jsonb(h) AS hint, coalesce(o.open_offers, 0)::int AS open_offers,
             (SELECT count(*)::int FROM offer c WHERE c.service_id = s.id AND c.closed_at > $1) AS unanswered
           FROM service s
           LEFT JOIN capacity_hint h ON h.service_id = s.id
           LEFT JOIN (SELECT service_id, count(*) AS open_offers FROM offer WHERE open GROUP BY service_id) o ON o.service_id = s.id
           WHERE s.accredited_until IS NOT NULL
           ORDER BY s.id`,
    values: [now - pack.clocks.silentWithinMs],
  });
  await readEntries(tx, rows);
  return rows.flatMap(({ id, hint, open_offers, unanswered }) => {
    const known = entries.get(id);
    return known
      ? [
          {
            ...known.entry,
            hint: hint ? hintOf(hint) : undefined,
            openOffers: open_offers,
            unansweredLately: unanswered,
          },
        ]
      : [];
  });
}

async function readEntries(tx: Transaction, rows: readonly ServiceRow[]): Promise<void> {
  const unread = rows.filter(({ id, version }) => entries.get(id)?.version !== version).map(({ id }) => id);
  if (unread.length === 0) return;
  const { rows: read } = await tx.query<{ id: string; version: number; state: Directory }>({
    name: 'services-read',
    text: 'SELECT id, version, state FROM service WHERE id = ANY ($1::uuid[])',
    values: [unread],
  });
  for (const { id, version, state } of read) entries.set(id, { version, entry: state });
}

const hintOf = (hint: NonNullable<ServiceRow['hint']>): CapacityHint => ({
  free: hint.free,
  asOf: hint.as_of as Instant,
  roseAt: (hint.rose_at ?? undefined) as Instant | undefined,
  roseBy: (hint.rose_by ?? undefined) as CapacityHint['roseBy'],
});

/**
 * What the vault has said. A reference whose stream is quarantined counts as having no permission: a withdrawal may be
 * among what cannot be read (design rule 12); a legal basis does not depend on it.
 */
async function basesOf(tx: Transaction, caseReferences: readonly string[]): Promise<Map<string, CaseBasis>> {
  const { rows } = await tx.query<{ state: CaseBasis; quarantined: boolean }>({
    name: 'case-bases',
    text: `SELECT b.state, EXISTS (SELECT 1 FROM quarantine q WHERE q.topic = $2 AND q.key = b.case_reference::text) AS quarantined
           FROM case_basis b WHERE b.case_reference = ANY ($1::uuid[])`,
    values: [caseReferences, topics.caseVaultForReferral.name],
  });
  return new Map(
    rows.map(({ state, quarantined }) => [state.caseReference, quarantined ? { ...state, permissions: [] } : state]),
  );
}
