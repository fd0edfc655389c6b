import type { DatabaseReader } from './database-reader.ts';
import { FINAL_STAGES_SQL } from './final-stages.ts';
import type { Finding } from './finding.ts';
import { type Hold, holdsOfEveryProvider } from './holds.ts';

interface CurrentRow {
  id: string;
  stage: string;
  offer_id: string | null;
}

/** Promise 2: one unit, one person; one person, one unit for a need. */
export async function neverDoubled(reader: DatabaseReader): Promise<Finding[]> {
  const holds = await holdsOfEveryProvider(reader);
  const holders = new Map<string, string[]>();
  for (const hold of holds)
    for (const unit of hold.units) holders.set(unit, [...(holders.get(unit) ?? []), hold.hold_id]);
  const shared = [...holders]
    .filter(([, who]) => who.length > 1)
    .map(([unit]) => `unit ${unit} has two holders`);
  const occupied = await reader.rows<{ unit_id: string; hold_id: string }>(
    'shelter-capacity',
    'SELECT lower(unit_id) AS unit_id, hold_id FROM occupancy',
  );
  const beds = new Set(
    holds.flatMap(({ provider, units }) => (provider === 'shelter-capacity' ? units : [])),
  );
  const differs =
    occupied.length === beds.size &&
    occupied.every((row) => holders.get(row.unit_id)?.[0] === row.hold_id)
      ? []
      : ['the table of occupied units differs from the providers'];
  return [
    {
      statement: 'each unit is in one room of one provider',
      violations: await unitsTwice(reader),
    },
    {
      statement: `each of ${holders.size} held or occupied units has one holder`,
      violations: [...shared, ...differs],
    },
    {
      statement: 'each referral has at most one confirmed place',
      violations: await twoPlaces(reader),
    },
    await twoReferrals(reader),
    {
      statement: 'the confirmed places of providers and of referrals agree',
      violations: await disagreements(reader, holds),
    },
  ];
}

/** Ids are compared in lower case, because two spellings of an id are one unit. */
async function unitsTwice(reader: DatabaseReader): Promise<string[]> {
  const rows = await reader.rows<{ unit_id: string; rooms: number }>(
    'shelter-capacity',
    `SELECT lower(unit) AS unit_id, count(*)::int AS rooms
     FROM provider, jsonb_array_elements(state->'sites') site, jsonb_array_elements(site->'rooms') room, jsonb_array_elements_text(room->'unitIds') unit
     GROUP BY lower(unit) HAVING count(*) > 1`,
  );
  return rows.map((row) => `unit ${row.unit_id} is in ${row.rooms} rooms`);
}

async function twoPlaces(reader: DatabaseReader): Promise<string[]> {
  const rows = await reader.rows<{ id: string; count: number }>(
    'referral',
    `SELECT referral_id AS id, count(*)::int AS count FROM offer WHERE status = 'confirmed' GROUP BY referral_id HAVING count(*) > 1`,
  );
  return rows.map((row) => `referral ${row.id} has ${row.count} confirmed places`);
}

interface LiveMember {
  case_reference: string;
  need: string;
  id: string;
  /** The referral has an open alert that its person is referred twice. */
  is_alerted: boolean;
}

/**
 * Groups live referrals by person and need: two would end in two places. Only the vault knows that two references are one person, after both are
 * registered; one party may name both. Then each of the referrals must have an alert, and the coordination desk chooses. People with these alerts
 * are counted; a referral without one is a violation.
 */
async function twoReferrals(reader: DatabaseReader): Promise<Finding> {
  const members = await reader.rows<LiveMember>(
    'referral',
    `SELECT DISTINCT lower(member->>'caseReference') AS case_reference, need, id::text,
       EXISTS (SELECT FROM alert WHERE referral_id = referral.id AND code = 'person-referred-twice' AND NOT resolved) AS is_alerted
     FROM referral, jsonb_array_elements(state->'party') member
     WHERE stage NOT IN (${FINAL_STAGES_SQL}) ORDER BY id`,
  );
  const people = await peopleOfReferences(reader);
  const byPerson = Map.groupBy(
    members,
    (one) => `${people.get(one.case_reference) ?? one.case_reference} ${one.need}`,
  );
  const twice = [...byPerson.values()].filter((live) => live.length > 1);
  const notAlerted = twice.filter((live) => live.some(({ is_alerted }) => !is_alerted));
  return {
    statement: `each person has at most one live referral for a need, or each has an alert for the desk (of ${twice.length - notAlerted.length} people now)`,
    violations: notAlerted.map(
      (live) =>
        `one person is referred more than once for ${live[0]?.need}, and not each referral has an alert: ${[...new Set(live.map(({ id }) => id))].join(', ')}`,
    ),
  };
}

/** The person of each reference, for people who have several. */
async function peopleOfReferences(reader: DatabaseReader): Promise<ReadonlyMap<string, string>> {
  if (!reader.services.includes('case-vault')) return new Map();
  const rows = await reader.rows<{ reference: string; case_id: string }>(
    'case-vault',
    `SELECT lower(reference::text) AS reference, case_id::text FROM case_reference
     WHERE service = 'referral' AND case_id IN (
       SELECT case_id FROM case_reference WHERE service = 'referral' GROUP BY case_id HAVING count(*) > 1)`,
  );
  return new Map(rows.map(({ reference, case_id: person }) => [reference, person]));
}

const CONFIRMED_STAGES = ['awaiting-person', 'agreed', 'journey', 'appointment'];

async function disagreements(reader: DatabaseReader, holds: readonly Hold[]): Promise<string[]> {
  const rows = await reader.rows<CurrentRow>(
    'referral',
    `SELECT id, stage, state->'stage'->>'offerId' AS offer_id FROM referral`,
  );
  const byHold = new Map(holds.map((hold) => [hold.hold_id, hold.status]));
  const current = new Map(
    rows.filter((row) => row.offer_id !== null).map((row) => [row.offer_id ?? '', row]),
  );
  const unconfirmed = rows.filter(
    (row) => CONFIRMED_STAGES.includes(row.stage) && byHold.get(row.offer_id ?? '') !== 'confirmed',
  );
  const notBegun = rows.filter(
    (row) => row.stage === 'started' && byHold.get(row.offer_id ?? '') === 'confirmed',
  );
  const forgotten = holds.filter(
    (hold) => hold.status === 'confirmed' && !current.has(hold.hold_id),
  );
  const alerts = await reader.rows<{ offer_id: string }>(
    'referral',
    "SELECT offer_id FROM alert WHERE code = 'started-after-end'",
  );
  const unexpected = new Set(alerts.map((row) => row.offer_id));
  const notThere = holds
    .filter((hold) => hold.status === 'started' && current.get(hold.hold_id)?.stage !== 'started')
    .filter((hold) => !unexpected.has(hold.hold_id));
  return [
    ...unconfirmed.map(
      (row) =>
        `referral ${row.id} is ${row.stage}, its place is ${byHold.get(row.offer_id ?? '') ?? 'missing'}`,
    ),
    ...notBegun.map((row) => `referral ${row.id} has started, its place has not`),
    ...forgotten.map((hold) => `place ${hold.hold_id} is confirmed without a referral`),
    ...notThere.map((hold) => `hold ${hold.hold_id} has started, its referral has not`),
  ];
}
