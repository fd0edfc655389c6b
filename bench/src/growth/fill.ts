import { asAdmin } from '@opennrm/infra/local';
import type pg from 'pg';
import type { ReferralPlatform } from '../platform/referral-platform.ts';
import type { PrintLine } from '../servers.ts';

/** Journal rows of one old case: 30 of the referral, 15 of its shelter, 5 of the vault. */
const ROWS = { referral: 30, 'shelter-capacity': 15, 'case-vault': 5 } as const;
const CHUNK = 20_000;

const CASES =
  'CREATE TEMP TABLE old_case AS SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS hold, gen_random_uuid() AS reference FROM generate_series(1, $1::int) AS n';

/**
 * Makes old cases as the platform itself would have left them. The rows of one confirmed referral are copied under other ids until each
 * case has fifty journal rows. SQL writes them in sets.
 */
export async function fillWithCases(
  { platform }: ReferralPlatform,
  cases: number,
  printLine: PrintLine,
): Promise<void> {
  for (const [name, rows] of Object.entries(ROWS)) {
    const service = platform.service(name);
    await asAdmin(service.ownerUrl, async (owner) => {
      await owner.query('SET synchronous_commit = off'); // the filling is not measured
      await owner.query('ALTER TABLE journal DROP CONSTRAINT journal_id_key');
      const others = await dropIndexes(owner);
      await template(owner, name as keyof typeof ROWS, rows);
      for (let from = 0; from < cases; from += CHUNK) {
        await owner.query(CASES.replace('$1::int', String(Math.min(CHUNK, cases - from))));
        for (const sql of statements[name as keyof typeof ROWS]) await owner.query(sql);
        await owner.query(JOURNAL);
        await owner.query('DROP TABLE old_case');
        printLine(`filling ${name}: ${Math.min(cases, from + CHUNK)} of ${cases} cases`);
      }
      await owner.query(`SET maintenance_work_mem = '512MB'`);
      for (const sql of others) await owner.query(sql);
      await owner.query('ALTER TABLE journal ADD CONSTRAINT journal_id_key UNIQUE (id)');
    });
  }
}

/** Indexes are built after the rows: the result is the same and takes a tenth of the time. */
async function dropIndexes(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string; sql: string }>(
    `SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE tablename = 'journal' AND schemaname = 'public' AND indexname NOT LIKE '%_pkey'`,
  );
  for (const { name } of rows) await owner.query(`DROP INDEX ${owner.escapeIdentifier(name)}`);
  return rows.map(({ sql }) => sql);
}

/** The rows of one real case. Missing rows are filled with events of the same kinds, without the long decision record. */
async function template(owner: pg.Client, name: keyof typeof ROWS, rows: number): Promise<void> {
  const aggregate = {
    referral: 'referral',
    'shelter-capacity': 'provider',
    'case-vault': 'case_file',
  }[name];
  const id = {
    referral: `SELECT id FROM referral WHERE stage = 'awaiting-person' ORDER BY requested_at DESC LIMIT 1`,
    'shelter-capacity': `SELECT provider_id FROM hold_provider LIMIT 1`,
    'case-vault': `SELECT gen_random_uuid()`,
  }[name];
  await owner.query(
    `CREATE TEMP TABLE template AS
     WITH real AS (SELECT row_number() OVER (ORDER BY position) AS nth, aggregate, aggregate_id, type, data, topic, value, author_organisation
                   FROM journal WHERE aggregate_id = (${id}) ORDER BY position LIMIT ${rows}),
     more AS (SELECT row_number() OVER () AS nth, aggregate, aggregate_id, type, data, NULL::text AS topic, NULL::bytea AS value, author_organisation
              FROM (SELECT * FROM real WHERE topic IS NULL AND length(data::text) < 2000
                    UNION ALL SELECT 0, '${aggregate}', gen_random_uuid(), 'Bench', '{"type": "Bench", "code": "as long as an event is, more or less", "at": 1767606000000}', NULL, NULL, gen_random_uuid()) r,
                   generate_series(1, ${rows}) LIMIT ${rows})
     SELECT row_number() OVER () AS nth, * FROM (SELECT aggregate, type, data, topic, value, author_organisation FROM real
       UNION ALL SELECT aggregate, type, data, topic, value, author_organisation FROM more) r LIMIT ${rows}`,
  );
}

const JOURNAL = `
  INSERT INTO journal (id, aggregate, aggregate_id, version, at, author_organisation, author_role, type, data, topic, key, sequence, epoch, value)
  SELECT gen_random_uuid(), t.aggregate, c.id, t.nth, 1767606000000, t.author_organisation, 'system', t.type, t.data, t.topic,
         CASE WHEN t.topic IS NOT NULL THEN c.hold::text END, CASE WHEN t.topic IS NOT NULL THEN t.nth END, CASE WHEN t.topic IS NOT NULL THEN 1 END, t.value
  FROM old_case c CROSS JOIN template t ORDER BY c.n, t.nth`;

const streams = (table: 'stream_numbers' | 'inbox', topic: string): string =>
  table === 'inbox'
    ? `INSERT INTO inbox (topic, key, epoch, last) SELECT '${topic}', hold::text, 1, 2 FROM old_case`
    : `INSERT INTO stream_numbers (topic, key, last) SELECT '${topic}', hold::text, 2 FROM old_case`;

const TO_SHELTER = 'opennrm.referral.shelter-capacity.v1';
const TO_REFERRAL = 'opennrm.shelter-capacity.referral.v1';
const TO_VAULT = 'opennrm.referral.case-vault.v1';
const A_REFERRAL = `(SELECT r FROM referral r WHERE stage = 'awaiting-person' ORDER BY requested_at DESC LIMIT 1)`;

const statements: Readonly<Record<keyof typeof ROWS, readonly string[]>> = {
  referral: [
    `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at, need, group_code, party_size, excluded_regions)
     SELECT c.id, (t.r).owner_org, 9, 9, (t.r).state, 'started', 0, 1767606000000,
       (t.r).need, (t.r).group_code, (t.r).party_size, (t.r).excluded_regions
     FROM old_case c, ${A_REFERRAL} AS t`,
    'INSERT INTO referral_case (case_reference, referral_id) SELECT reference, id FROM old_case',
    `INSERT INTO case_basis (case_reference, state) SELECT reference, jsonb_build_object('caseReference', reference, 'registered', true, 'decidedPurposes', '[]'::jsonb, 'permissions', '[]'::jsonb, 'bases', '[]'::jsonb, 'apartIds', '[]'::jsonb) FROM old_case`,
    `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, made_at, view)
     SELECT c.hold, c.id, s.owner_org, s.id, 'confirmed', false, 5, 1767606000000, o.view
     FROM old_case c JOIN (SELECT row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS of, id, owner_org FROM service) s ON s.n = 1 + c.n % s.of,
          (SELECT view FROM offer LIMIT 1) o`,
    streams('stream_numbers', TO_SHELTER),
    streams('stream_numbers', TO_VAULT),
    streams('inbox', TO_REFERRAL),
  ],
  'shelter-capacity': [
    `INSERT INTO hold_provider (hold_id, provider_id) SELECT c.hold, p.id
     FROM old_case c JOIN (SELECT row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS of, id FROM provider) p ON p.n = 1 + c.n % p.of`,
    `UPDATE old_case c SET id = h.provider_id FROM hold_provider h WHERE h.hold_id = c.hold`,
    streams('stream_numbers', TO_REFERRAL),
    streams('inbox', TO_SHELTER),
  ],
  'case-vault': [
    `INSERT INTO case_file (id, owner_org, version, generation, state) SELECT id, gen_random_uuid(), 5, 1, '{}' FROM old_case`,
    `INSERT INTO case_reference (service, reference, case_id) SELECT 'referral', reference, id FROM old_case`,
    `INSERT INTO disclosure (id, at, by_service, service, reference, hold_id, organisation_id, content, purpose, basis)
     SELECT gen_random_uuid(), 1767606000000, 'referral', 'referral', reference, hold, gen_random_uuid(), 'offer', 'accommodation', 'vital-interest' FROM old_case`,
    streams('inbox', TO_VAULT),
  ],
};
