import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import type { CountryPack } from '@opennrm/country';
import type { Statement, Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { DirectoryEntry } from '../domain/directory.ts';
import { type CaseBasis, type RecordedAge, withAge } from '../domain/matching/basis.ts';
import type { CapacityHint, Service, ServiceLoad } from '../domain/matching/service.ts';
import type { ServiceId } from '../domain/need.ts';
import type { Knowledge } from '../domain/steps.ts';

interface ServiceRow {
  id: string;
  version: number;
  /** Null where the service has not reported. */
  free: number | null;
  as_of: number;
  increased_at: number | null;
  increased_by_hold: string | null;
}

/** What is known so far. A service that is not found is known too: it is undefined. */
interface Facts {
  bases: ReadonlyMap<string, CaseBasis> | undefined;
  readonly services: Map<string, readonly Service[]>;
  readonly servicesById: Map<string, Service | undefined>;
  readonly loads: Map<ServiceId, ServiceLoad | undefined>;
}

/** What a decision used that was not known: the bases, all services for a need, single services, or the loads of services. */
interface Missing {
  bases: boolean;
  readonly needs: Set<string>;
  readonly serviceIds: Set<ServiceId>;
  readonly loads: Set<ServiceId>;
}

/** A decision that asks more often has a fault in its program, and would not end. */
const MOST_READS = 500;

/** Decides about these cases as often as it is asked, and reads each fact once. */
export type DecideWithKnowledge = <Result>(
  decide: (knowledge: Knowledge) => Result,
) => Promise<Result>;

/**
 * Asks for a decision about these cases, in two steps that are repeated until nothing is missing: which facts does the decision use that are not
 * known, and, once they are read, the decision. A decision is pure, so one that was made without a fact is discarded. Most decisions use few
 * facts, and reading all of them for each would cost more than deciding.
 */
export function withKnowledge(
  tx: Transaction,
  pack: CountryPack,
  now: Instant,
  caseReferences: readonly string[],
): DecideWithKnowledge {
  const facts: Facts = {
    bases: undefined,
    services: new Map(),
    servicesById: new Map(),
    loads: new Map(),
  };
  return async (decide) => {
    for (let reads = 0; reads < MOST_READS; reads++) {
      const { result, missing } = tryToDecide(decide, facts, pack, now);
      if (!missing) return result;
      await readFacts(tx, pack, now, caseReferences, facts, missing);
    }
    throw new Error('a decision asks for facts without end');
  };
}

/** One decision about these cases, with every fact that it uses. */
export const decideWithKnowledge = <Result>(
  tx: Transaction,
  pack: CountryPack,
  now: Instant,
  caseReferences: readonly string[],
  decide: (knowledge: Knowledge) => Result,
): Promise<Result> => withKnowledge(tx, pack, now, caseReferences)(decide);

/**
 * The decision with the facts that are known, and what it used without knowing it. What is not known is answered as if there were none; whatever the
 * decision asks for after that may not count.
 */
function tryToDecide<Result>(
  decide: (knowledge: Knowledge) => Result,
  facts: Facts,
  pack: CountryPack,
  now: Instant,
): { readonly result: Result; readonly missing: Missing | undefined } {
  const missing: Missing = {
    bases: false,
    needs: new Set(),
    serviceIds: new Set(),
    loads: new Set(),
  };
  const result = decide({
    now,
    pack,
    mint: randomUUID,
    findService(id) {
      if (!facts.servicesById.has(id)) missing.serviceIds.add(id as ServiceId);
      return facts.servicesById.get(id);
    },
    servicesFor(need) {
      const known = facts.services.get(need);
      if (!known) missing.needs.add(need);
      return known ?? [];
    },
    loadsOf(ids) {
      for (const id of ids) if (!facts.loads.has(id)) missing.loads.add(id);
      return new Map(ids.flatMap((id) => loadOf(facts, id)));
    },
    get bases() {
      if (!facts.bases) missing.bases = true;
      return facts.bases ?? new Map<string, CaseBasis>();
    },
  });
  const isWhole =
    !missing.bases &&
    [missing.needs, missing.serviceIds, missing.loads].every(({ size }) => size === 0);
  return { result, missing: isWhole ? undefined : missing };
}

function loadOf({ loads }: Facts, id: ServiceId): [ServiceId, ServiceLoad][] {
  const load = loads.get(id);
  return load ? [[id, load]] : [];
}

/**
 * The bases and single services are read together. The many services of a need, and their loads, are read only where nothing else was missing:
 * without a fact a decision may search that would not search with it.
 */
async function readFacts(
  tx: Transaction,
  pack: CountryPack,
  now: Instant,
  caseReferences: readonly string[],
  facts: Facts,
  missing: Missing,
): Promise<void> {
  const bases = async (): Promise<void> => {
    facts.bases = await readCaseBases(tx, caseReferences);
  };
  const ofNeed = async (need: string): Promise<void> => {
    facts.services.set(need, await readServices(tx, servicesOfNeed(need)));
  };
  const byId = async (ids: readonly ServiceId[]): Promise<void> => {
    const found = new Map(
      (await readServices(tx, servicesById(ids))).map((one) => [one.serviceId, one]),
    );
    for (const id of ids) facts.servicesById.set(id, found.get(id));
  };
  const ofLoads = async (ids: readonly ServiceId[]): Promise<void> => {
    const loads = await readLoads(tx, pack, now, ids);
    for (const id of ids) facts.loads.set(id, loads.get(id));
  };
  const few: Promise<void>[] = [];
  if (missing.bases) few.push(bases());
  if (missing.serviceIds.size > 0) few.push(byId([...missing.serviceIds]));
  if (few.length > 0) await Promise.all(few);
  else if (missing.needs.size > 0) await Promise.all(Array.from(missing.needs, ofNeed));
  else await ofLoads([...missing.loads]);
}

/** Entries of the directory by id, each version read once, because every search uses all of them. */
const entries = new Map<string, { readonly version: number; readonly entry: DirectoryEntry }>();

const SERVICE_QUERY = `SELECT s.id, s.version, h.free, h.as_of, h.increased_at, h.increased_by_hold
  FROM service s LEFT JOIN capacity_hint h ON h.service_id = s.id WHERE s.accredited_until IS NOT NULL`;

const servicesOfNeed = (need: string): Statement => ({
  name: 'services-of-need',
  text: `${SERVICE_QUERY} AND s.need = $1 ORDER BY s.id`,
  values: [need],
});
const servicesById = (serviceIds: readonly string[]): Statement => ({
  name: 'services-by-id',
  text: `${SERVICE_QUERY} AND s.id = ANY ($1::uuid[])`,
  values: [serviceIds],
});

/** One service of the directory with its hint; undefined where it is suspended or was never accredited. */
export async function findServiceById(
  tx: Transaction,
  serviceId: string,
): Promise<Service | undefined> {
  return (await readServices(tx, servicesById([serviceId])))[0];
}

/** Services of the directory with their hints. A service that is suspended or was never accredited is not read. */
async function readServices(tx: Transaction, statement: Statement): Promise<Service[]> {
  const { rows } = await tx.query<ServiceRow>(statement);
  await readEntries(tx, rows);
  return rows.flatMap((row) => {
    const known = entries.get(row.id);
    return known ? [{ ...known.entry, hint: hintOf(row) }] : [];
  });
}

/** Both counts only serve to order services, or are compared with a small limit, so an exact large count is not needed. */
const COUNT_LIMIT = 100;

/** How much these services are asked. Only services that a search may ask are counted, because each count reads offers. */
async function readLoads(
  tx: Transaction,
  pack: CountryPack,
  now: Instant,
  serviceIds: readonly string[],
): Promise<ReadonlyMap<ServiceId, ServiceLoad>> {
  const { rows } = await tx.query<{ id: ServiceId; open_offers: number; unanswered: number }>({
    name: 'service-loads',
    text: `SELECT s.id,
        (SELECT count(*)::int FROM (SELECT FROM offer o WHERE o.service_id = s.id AND o.open LIMIT ${COUNT_LIMIT}) AS counted) AS open_offers,
        (SELECT count(*)::int FROM (SELECT FROM offer c WHERE c.service_id = s.id AND c.closed_at > $1 LIMIT ${COUNT_LIMIT}) AS counted)
          AS unanswered
      FROM unnest($2::uuid[]) AS s (id)`,
    values: [now - pack.limits.unansweredWindowMs, serviceIds],
  });
  return new Map(
    rows.map(({ id, open_offers, unanswered }) => [
      id,
      { openOffers: open_offers, unansweredLately: unanswered },
    ]),
  );
}

async function readEntries(tx: Transaction, rows: readonly ServiceRow[]): Promise<void> {
  const unread = rows
    .filter(({ id, version }) => entries.get(id)?.version !== version)
    .map(({ id }) => id);
  if (unread.length === 0) return;
  const { rows: read } = await tx.query<{ id: string; version: number; state: DirectoryEntry }>({
    name: 'services-read',
    text: 'SELECT id, version, state FROM service WHERE id = ANY ($1::uuid[])',
    values: [unread],
  });
  for (const { id, version, state } of read) entries.set(id, { version, entry: state });
}

const hintOf = (row: ServiceRow): CapacityHint | undefined =>
  row.free === null
    ? undefined
    : {
        free: row.free,
        asOf: row.as_of as Instant,
        increasedAt: (row.increased_at ?? undefined) as Instant | undefined,
        increasedByHold: (row.increased_by_hold ?? undefined) as CapacityHint['increasedByHold'],
      };

/**
 * What the vault announced. A reference with a quarantined stream counts as without permission, because an unreadable message may be a
 * withdrawal (design rule 12). A legal basis does not depend on the stream. The age is the person's: the newest that came under any of
 * their references, and none of them may have an unread message.
 */
export async function readCaseBases(
  tx: Transaction,
  caseReferences: readonly string[],
): Promise<Map<string, CaseBasis>> {
  const { rows } = await tx.query<{
    state: CaseBasis;
    quarantined: boolean;
    unread: boolean;
    age: RecordedAge | null;
  }>({
    name: 'case-bases',
    text: `SELECT b.state, ${isUnread('q')} AS quarantined,
             ${isUnread('q')} OR EXISTS (SELECT FROM same_person own JOIN same_person theirs USING (person)
                JOIN quarantine other ON other.topic = $2 AND other.key = theirs.case_reference::text
              WHERE own.case_reference = b.case_reference AND ${isUnread('other')}) AS unread,
             (SELECT other.state->'age' FROM same_person own JOIN same_person theirs USING (person)
                JOIN case_basis other ON other.case_reference = theirs.case_reference
              WHERE own.case_reference = b.case_reference AND other.state->'age' IS NOT NULL
              ORDER BY (other.state->'age'->>'at')::bigint DESC LIMIT 1) AS age
           FROM case_basis b LEFT JOIN quarantine q ON q.topic = $2 AND q.key = b.case_reference::text
           WHERE b.case_reference = ANY ($1::uuid[])`,
    values: [caseReferences, topics.caseVaultForReferral.name],
  });
  return new Map(
    rows.map(({ state, quarantined, unread, age }) => {
      const known = { ...(age === null ? state : withAge(state, age)), isAgeUnread: unread };
      return [state.caseReference, quarantined ? { ...known, permissions: [] } : known];
    }),
  );
}

/** A message waits. During a rebuild alone every message was read before, and the state of then is used until it is replaced. */
const isUnread = (quarantine: string): string =>
  `coalesce(${quarantine}.reason <> 'rebuild', false)`;
