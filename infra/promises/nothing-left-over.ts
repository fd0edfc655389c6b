import type { DatabaseReader } from './database-reader.ts';
import { FINAL_STAGES_SQL } from './final-stages.ts';
import type { Finding } from './finding.ts';
import { holdsOfEveryProvider } from './holds.ts';

/** Statuses of an offer that has neither ended nor been chosen. */
const PENDING = `'holding', 'open', 'softened', 'standby'`;
/** Statuses of an offer for which a unit may be kept. An acceptance on standby may have none. */
const KEEPING = `'holding', 'open', 'standby', 'confirming', 'confirmed'`;
/** Referrals whose people agreed to a place that is still kept for them. */
const EXPECTED = `stage IN ('agreed', 'journey', 'appointment') OR (stage = 'journey-failed' AND (state->'stage'->>'isHeld')::boolean)`;

/** A referral that has ended has released everything, and a live referral follows the rules now, not only when it was decided. */
export async function nothingLeftOver(reader: DatabaseReader): Promise<Finding[]> {
  return [
    {
      statement: 'no referral that has ended has a pending offer',
      violations: await pendingOffers(reader),
    },
    {
      statement:
        'no unit is held for a referral or an offer that has ended, except the place of a person who arrived',
      violations: await heldUnits(reader),
    },
    {
      statement: 'no acceptance is on standby while its referral is unplaced',
      violations: await strandedStandby(reader),
    },
    {
      statement: 'each live offer is of a service that may be asked now',
      violations: await unsafeOffers(reader),
    },
    {
      statement: 'no person whom the vault treats as a child is treated as an adult',
      violations: await childrenTreatedAsAdults(reader),
    },
    {
      statement:
        'the vault has a relation of a service to a person exactly where the service has a place for them',
      violations: await relations(reader),
    },
  ];
}

async function pendingOffers(reader: DatabaseReader): Promise<string[]> {
  const rows = await reader.rows<{ offer_id: string; status: string; stage: string }>(
    'referral',
    `SELECT o.offer_id, o.status, r.stage FROM offer o JOIN referral r ON r.id = o.referral_id
     WHERE r.stage IN (${FINAL_STAGES_SQL}) AND (o.status IN (${PENDING}, 'confirming') OR (o.status = 'confirmed' AND r.stage <> 'started'))`,
  );
  return rows.map(
    ({ offer_id, status, stage }) => `offer ${offer_id} is ${status}, its referral is ${stage}`,
  );
}

async function heldUnits(reader: DatabaseReader): Promise<string[]> {
  const holds = (await holdsOfEveryProvider(reader)).filter(({ status }) => status !== 'started');
  const ended = await reader.rows<{ offer_id: string; stage: string }>(
    'referral',
    `SELECT o.offer_id, r.stage FROM offer o JOIN referral r ON r.id = o.referral_id
     WHERE r.stage IN (${FINAL_STAGES_SQL}) AND (r.state->'stage'->>'offerId' IS DISTINCT FROM o.offer_id::text)`,
  );
  const stageOf = new Map(ended.map(({ offer_id, stage }) => [offer_id, stage]));
  const released = await reader.rows<{ offer_id: string; status: string }>(
    'referral',
    `SELECT offer_id, status FROM offer WHERE status NOT IN (${KEEPING})`,
  );
  const statusOf = new Map(released.map(({ offer_id, status }) => [offer_id, status]));
  return holds.flatMap(({ hold_id, status }) => {
    const stage = stageOf.get(hold_id);
    if (stage !== undefined) return [`hold ${hold_id} is ${status}, its referral is ${stage}`];
    const offer = statusOf.get(hold_id);
    return offer === undefined ? [] : [`hold ${hold_id} is ${status}, its offer is ${offer}`];
  });
}

/** Above the quota of emergencies an acceptance stays on standby on purpose until the coordination desk confirms. */
async function strandedStandby(reader: DatabaseReader): Promise<string[]> {
  const rows = await reader.rows<{ offer_id: string; id: string }>(
    'referral',
    `SELECT o.offer_id, r.id FROM offer o JOIN referral r ON r.id = o.referral_id
     WHERE o.status = 'standby' AND r.stage = 'unplaced' AND r.state->>'deskDeadline' IS NULL`,
  );
  return rows.map(
    ({ offer_id, id }) => `offer ${offer_id} is on standby, referral ${id} is unplaced`,
  );
}

/** Checks the rules that need neither time nor the vault. An offer whose service lost its right by time alone is withdrawn at the next deadline. */
async function unsafeOffers(reader: DatabaseReader): Promise<string[]> {
  const rows = await reader.rows<{ offer_id: string; status: string; rule: string }>(
    'referral',
    `SELECT offer_id, status, rule FROM (
       SELECT o.offer_id, o.status, CASE
         WHEN s.accredited_until IS NULL THEN 'accreditation'
         WHEN NOT s.state->'criteria'->'groups' ? r.group_code THEN 'group'
         WHEN s.state->>'region' = ANY (r.excluded_regions) THEN 'excluded area'
         WHEN NOT (s.state->'criteria'->>'childLicence')::boolean
           AND jsonb_path_exists(r.state, '$.party[*] ? (@.underEighteen != "no")') THEN 'licence for children' END AS rule
       FROM offer o JOIN referral r ON r.id = o.referral_id JOIN service s ON s.id = o.service_id
       WHERE o.status IN (${PENDING})) AS judged
     WHERE rule IS NOT NULL`,
  );
  return rows.map(
    ({ offer_id, status, rule }) => `offer ${offer_id} is ${status}, and fails the rule: ${rule}`,
  );
}

/** The person is at the place of the referral. */
const STAYS = `(r.stage = 'started' AND jsonb_path_exists(r.state, '$.offers[*] ? (@.hasHold == true && @.offerId == $place)',
  jsonb_build_object('place', r.state->'stage'->'offerId')))`;

/** Compares with the messages of the vault that `referral` has consumed, under any of the person's references. */
async function childrenTreatedAsAdults(reader: DatabaseReader): Promise<string[]> {
  const rows = await reader.rows<{ id: string; stage: string }>(
    'referral',
    `WITH reference AS (
       SELECT b.case_reference, coalesce(p.person, b.case_reference) AS person, b.state->'age' AS age
       FROM case_basis b LEFT JOIN same_person p USING (case_reference)),
     newest AS (
       SELECT DISTINCT ON (person) person, age->>'underEighteen' AS under_eighteen FROM reference WHERE age IS NOT NULL
       ORDER BY person, (age->>'at')::bigint DESC)
     SELECT DISTINCT r.id, r.stage
     FROM referral r CROSS JOIN jsonb_array_elements(r.state->'party') member
       JOIN reference f ON f.case_reference::text = lower(member->>'caseReference') JOIN newest n USING (person)
     WHERE (r.stage NOT IN (${FINAL_STAGES_SQL}) OR ${STAYS}) AND member->>'underEighteen' = 'no' AND n.under_eighteen IN ('yes', 'unsure')`,
  );
  return rows.map(({ id, stage }) => `referral ${id}, ${stage}, treats a child as an adult`);
}

async function relations(reader: DatabaseReader): Promise<string[]> {
  const kept = await reader.rows<{ hold_id: string }>(
    'case-vault',
    'SELECT DISTINCT hold_id FROM relation WHERE ended_at IS NULL',
  );
  const expected = await reader.rows<{ hold_id: string }>(
    'referral',
    `SELECT state->'stage'->>'offerId' AS hold_id FROM referral WHERE ${EXPECTED}`,
  );
  const places = [...expected, ...(await staysOfThoseWhoArrived(reader))];
  const [known, due] = [kept, places].map((rows) => new Set(rows.map(({ hold_id }) => hold_id)));
  return [
    ...places
      .filter(({ hold_id }) => !known?.has(hold_id))
      .map(({ hold_id }) => `place ${hold_id} has no relation`),
    ...kept
      .filter(({ hold_id }) => !due?.has(hold_id))
      .map(({ hold_id }) => `relation ${hold_id} has no place`),
  ];
}

/** Started referrals whose service has not ended: a referral ends with the start, the relation with the end of the service. */
async function staysOfThoseWhoArrived(reader: DatabaseReader): Promise<{ hold_id: string }[]> {
  const arrived = await reader.rows<{ hold_id: string }>(
    'referral',
    `SELECT state->'stage'->>'offerId' AS hold_id FROM referral WHERE stage = 'started'`,
  );
  const started = (await holdsOfEveryProvider(reader)).filter(({ status }) => status === 'started');
  const staying = new Set(started.map(({ hold_id }) => hold_id));
  return arrived.filter(({ hold_id }) => staying.has(hold_id));
}
