import type { Desk } from '../desk.ts';
import { rowsOf } from '../rows.ts';
import type { Finding } from './finding.ts';

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
export async function neverDoubled(desk: Desk): Promise<Finding[]> {
  const { referral, 'shelter-capacity': shelters } = desk.platform.services;
  const holds = await rowsOf<HoldRow>(
    shelters,
    `SELECT h->>'holdId' AS hold_id, h->>'status' AS status, ARRAY(SELECT jsonb_array_elements_text(h->'unitIds')) AS units FROM provider, jsonb_array_elements(state->'holds') h`,
  );
  const holders = new Map<string, string[]>();
  for (const hold of holds)
    for (const unit of hold.units) holders.set(unit, [...(holders.get(unit) ?? []), hold.hold_id]);
  const shared = [...holders].filter(([, who]) => who.length > 1).map(([unit]) => `unit ${unit} has two holders`);
  const occupied = await rowsOf<{ unit_id: string; hold_id: string }>(
    shelters,
    'SELECT unit_id, hold_id FROM occupancy',
  );
  const differs =
    occupied.length === holders.size && occupied.every((row) => holders.get(row.unit_id)?.[0] === row.hold_id)
      ? []
      : ['the table of occupied units differs from the providers'];
  return [
    { says: `each of ${holders.size} taken units has one holder`, against: [...shared, ...differs] },
    { says: 'each person has at most one confirmed place', against: await twoPlaces(desk) },
    { says: 'what the shelters confirmed is what the referrals say', against: await disagreements(referral, holds) },
  ];
}

async function twoPlaces(desk: Desk): Promise<string[]> {
  const rows = await rowsOf<{ id: string; count: number }>(
    desk.platform.services.referral,
    `SELECT referral_id AS id, count(*)::int AS count FROM offer WHERE status = 'confirmed' GROUP BY referral_id HAVING count(*) > 1`,
  );
  return rows.map((row) => `referral ${row.id} has ${row.count} confirmed places`);
}

const PROMISED = ['awaiting-person', 'placed', 'journey'];

async function disagreements(
  referral: Desk['platform']['services']['referral'],
  holds: readonly HoldRow[],
): Promise<string[]> {
  const rows = await rowsOf<CurrentRow>(
    referral,
    `SELECT id, stage, state->'stage'->>'offerId' AS offer_id FROM referral`,
  );
  const byHold = new Map(holds.map((hold) => [hold.hold_id, hold.status]));
  const current = new Map(rows.filter((row) => row.offer_id !== null).map((row) => [row.offer_id ?? '', row]));
  const unkept = rows.filter((row) => PROMISED.includes(row.stage) && byHold.get(row.offer_id ?? '') !== 'confirmed');
  const forgotten = holds.filter((hold) => hold.status === 'confirmed' && !current.has(hold.hold_id));
  const told = await rowsOf<{ offer_id: string }>(
    referral,
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
