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

/** A decision looks at the directory, the bases, and the services that are named: one that looks at more than these does not end by itself. */
const MOST_LOOKS = 500;

/** A decision looked at something that is not read yet. */
class NotRead extends Error {
  readonly read: () => Promise<void>;
  constructor(read: () => Promise<void>) {
    super('not read yet');
    this.read = read;
  }
}

/** Read when it is looked at, and once. */
function onceLookedAt<Value>(read: () => Promise<Value>): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => {
    if (known) return known.value;
    throw new NotRead(async () => {
      known = { value: await read() };
    });
  };
}

/**
 * Asks for a decision about these cases. Most look at neither the directory nor the vault's word, so those are read when they are looked at;
 * a decision is pure, so it is asked again with what it missed.
 */
export async function decideKnowing<Result>(
  tx: Transaction,
  pack: CountryPack,
  now: Instant,
  caseReferences: readonly string[],
  decide: (knowing: Knowledge) => Result,
): Promise<Result> {
  const services = onceLookedAt(() => servicesOf(tx, pack, now));
  const bases = onceLookedAt(() => basesOf(tx, caseReferences));
  const named = new Map<string, () => Service | undefined>();
  const serviceNamed = (id: string): Service | undefined => {
    const one = named.get(id) ?? onceLookedAt(async () => (await servicesOf(tx, pack, now, id))[0]);
    named.set(id, one);
    return one();
  };
  for (let looked = 0; ; looked++) {
    try {
      return decide({
        ...{ now, pack, mint: randomUUID, serviceNamed },
        get services() {
          return services();
        },
        get bases() {
          return bases();
        },
      });
    } catch (error) {
      if (!(error instanceof NotRead) || looked >= MOST_LOOKS) throw error;
      await error.read();
    }
  }
}

/** Entries of the directory by id: read once for each version, since every decision looks at all of them. */
const entries = new Map<string, { readonly version: number; readonly entry: Directory }>();

/** Both counts only rank, or are compared with a few: nobody waits while thousands are counted. */
const MOST_COUNTED = 100;

const KNOWN = `SELECT s.id, s.version, to_jsonb(h) AS hint,
    (SELECT count(*)::int FROM (SELECT FROM offer o WHERE o.service_id = s.id AND o.open LIMIT ${MOST_COUNTED}) AS counted) AS open_offers,
    (SELECT count(*)::int FROM (SELECT FROM offer c WHERE c.service_id = s.id AND c.closed_at > $1 LIMIT ${MOST_COUNTED}) AS counted)
      AS unanswered
  FROM service s LEFT JOIN capacity_hint h ON h.service_id = s.id WHERE s.accredited_until IS NOT NULL`;

/** One service of the directory with its hint; undefined where it was never accredited. */
export async function knownService(
  tx: Transaction,
  pack: CountryPack,
  now: Instant,
  serviceId: string,
): Promise<Service | undefined> {
  return (await servicesOf(tx, pack, now, serviceId))[0];
}

/** The directory with its hints, or one of its services; one that was never accredited is not read. */
async function servicesOf(tx: Transaction, pack: CountryPack, now: Instant, only?: string): Promise<Service[]> {
  const since = now - pack.clocks.silentWithinMs;
  const { rows } = await tx.query<ServiceRow>(
    only === undefined
      ? { name: 'services-known', text: `${KNOWN} ORDER BY s.id`, values: [since] }
      : { name: 'service-known', text: `${KNOWN} AND s.id = $2`, values: [since, only] },
  );
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
export async function basesOf(tx: Transaction, caseReferences: readonly string[]): Promise<Map<string, CaseBasis>> {
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
