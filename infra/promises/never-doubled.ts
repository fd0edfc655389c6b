import type { Finding } from './finding.ts';
import type { Look } from './look.ts';
import { OVER_IN_SQL } from './over.ts';

interface HoldRow {
  hold_id: string;
  status: string;
  units: string[];
}

interface CurrentRow {
  id: string;
  stage: string;
  offer_id: string | null;
}

/** Promise 2: one bed, one person; one person, one bed. */
export async function neverDoubled(look: Look): Promise<Finding[]> {
  const holds = await look.rows<HoldRow>(
    'shelter-capacity',
    `SELECT lower(h->>'holdId') AS hold_id, h->>'status' AS status, ARRAY(SELECT lower(jsonb_array_elements_text(h->'unitIds'))) AS units
     FROM provider, jsonb_array_elements(state->'holds') h`,
  );
  const holders = new Map<string, string[]>();
  for (const hold of holds)
    for (const unit of hold.units) holders.set(unit, [...(holders.get(unit) ?? []), hold.hold_id]);
  const shared = [...holders].filter(([, who]) => who.length > 1).map(([unit]) => `unit ${unit} has two holders`);
  const occupied = await look.rows<{ unit_id: string; hold_id: string }>(
    'shelter-capacity',
    'SELECT lower(unit_id) AS unit_id, hold_id FROM occupancy',
  );
  const differs =
    occupied.length === holders.size && occupied.every((row) => holders.get(row.unit_id)?.[0] === row.hold_id)
      ? []
      : ['the table of occupied units differs from the providers'];
  return [
    { says: 'each unit stands in one room of one provider', against: await unitsTwice(look) },
    { says: `each of ${holders.size} taken units has one holder`, against: [...shared, ...differs] },
    { says: 'each referral has at most one confirmed place', against: await twoPlaces(look) },
    await twoReferrals(look),
    { says: 'what the shelters confirmed is what the referrals say', against: await disagreements(look, holds) },
  ];
}

/** Ids are compared by what they mean: one that is spelled in two ways is one unit, and was counted as two. */
async function unitsTwice(look: Look): Promise<string[]> {
  const rows = await look.rows<{ unit_id: string; rooms: number }>(
    'shelter-capacity',
    `SELECT lower(unit) AS unit_id, count(*)::int AS rooms
     FROM provider, jsonb_array_elements(state->'sites') site, jsonb_array_elements(site->'rooms') room, jsonb_array_elements_text(room->'unitIds') unit
     GROUP BY lower(unit) HAVING count(*) > 1`,
  );
  return rows.map((row) => `unit ${row.unit_id} stands in ${row.rooms} places`);
}

async function twoPlaces(look: Look): Promise<string[]> {
  const rows = await look.rows<{ id: string; count: number }>(
    'referral',
    `SELECT referral_id AS id, count(*)::int AS count FROM offer WHERE status = 'confirmed' GROUP BY referral_id HAVING count(*) > 1`,
  );
  return rows.map((row) => `referral ${row.id} has ${row.count} confirmed places`);
}

interface LiveMember {
  case_reference: string;
  need: string;
  id: string;
  /** An alert is open on it that the person is referred twice. */
  told: boolean;
}

/**
 * By person and need: two live referrals would end in two places, each of them right by itself. Only the vault knows that two references are one
 * person, once both are registered; one party may name both. From then on an alert on each of the referrals says so, and the coordination desk chooses:
 * what is told of is counted apart, and what nobody is told of is a fault.
 */
async function twoReferrals(look: Look): Promise<Finding> {
  const members = await look.rows<LiveMember>(
    'referral',
    `SELECT DISTINCT lower(member->>'caseReference') AS case_reference, need, id::text,
       EXISTS (SELECT FROM alert WHERE referral_id = referral.id AND code = 'person-referred-twice' AND NOT resolved) AS told
     FROM referral, jsonb_array_elements(state->'party') member
     WHERE stage NOT IN (${OVER_IN_SQL}) ORDER BY id`,
  );
  const people = await peopleOfReferences(look);
  const byPerson = Map.groupBy(members, (one) => `${people.get(one.case_reference) ?? one.case_reference} ${one.need}`);
  const twice = [...byPerson.values()].filter((live) => live.length > 1);
  const silent = twice.filter((live) => live.some(({ told }) => !told));
  return {
    says: `each person has at most one live referral for a need, or the desk is told of each (of ${twice.length - silent.length} people now)`,
    against: silent.map(
      (live) =>
        `one person is referred more than once for ${live[0]?.need}, and not each is told of: ${[...new Set(live.map(({ id }) => id))].join(', ')}`,
    ),
  };
}

/** Whose the references are of people who have several. */
async function peopleOfReferences(look: Look): Promise<ReadonlyMap<string, string>> {
  if (!look.services.includes('case-vault')) return new Map();
  const rows = await look.rows<{ reference: string; case_id: string }>(
    'case-vault',
    `SELECT lower(reference::text) AS reference, case_id::text FROM case_reference
     WHERE service = 'referral' AND case_id IN (
       SELECT case_id FROM case_reference WHERE service = 'referral' GROUP BY case_id HAVING count(*) > 1)`,
  );
  return new Map(rows.map(({ reference, case_id: person }) => [reference, person]));
}

const PROMISED = ['awaiting-person', 'placed', 'journey'];

async function disagreements(look: Look, holds: readonly HoldRow[]): Promise<string[]> {
  const rows = await look.rows<CurrentRow>(
    'referral',
    `SELECT id, stage, state->'stage'->>'offerId' AS offer_id FROM referral`,
  );
  const byHold = new Map(holds.map((hold) => [hold.hold_id, hold.status]));
  const current = new Map(rows.filter((row) => row.offer_id !== null).map((row) => [row.offer_id ?? '', row]));
  const unkept = rows.filter((row) => PROMISED.includes(row.stage) && byHold.get(row.offer_id ?? '') !== 'confirmed');
  const forgotten = holds.filter((hold) => hold.status === 'confirmed' && !current.has(hold.hold_id));
  const told = await look.rows<{ offer_id: string }>(
    'referral',
    "SELECT offer_id FROM alert WHERE code = 'arrived-unexpectedly'",
  );
  const unexpected = new Set(told.map((row) => row.offer_id));
  const notThere = holds
    .filter((hold) => hold.status === 'stay' && current.get(hold.hold_id)?.stage !== 'arrived')
    .filter((hold) => !unexpected.has(hold.hold_id));
  return [
    ...unkept.map(
      (row) => `referral ${row.id} is ${row.stage}, its place is ${byHold.get(row.offer_id ?? '') ?? 'gone'}`,
    ),
    ...forgotten.map((hold) => `place ${hold.hold_id} is confirmed for nobody`),
    ...notThere.map((hold) => `stay ${hold.hold_id} is of a referral that has not arrived`),
  ];
}
