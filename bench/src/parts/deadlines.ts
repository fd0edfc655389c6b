import { randomUUID } from 'node:crypto';
import { IdentificationAge } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { call } from '@opennrm/runtime';
import pg from 'pg';
import { openCase, type SamplePlatform, startSamplePlatform } from '../platform/sample-platform.ts';
import { rowsOf, slopeTo } from '../rows.ts';
import { settle } from '../servers.ts';
import type { Bench } from './part.ts';

const AUTHORITY = '5a000000-0000-4000-8000-00000000000a';
const YEAR_MS = 365 * 86_400_000;
const CHUNK = 20_000;
const AT_ONCE = 10;

/**
 * Deadlines of one night that are due at the same moment, among many open cases: how long until the last one is announced, and how late
 * each one is.
 */
export async function measureDeadlines({
  options,
  servers,
  measurements,
  printLine,
}: Bench): Promise<void> {
  const [running, due] = options.quick ? [20_000, 2_000] : [200_000, 20_000];
  const samplePlatform = await startSamplePlatform(servers, printLine);
  try {
    const url = samplePlatform.platform.service('identification-intake').ownerUrl;
    const caseReference = await oneProcedure(samplePlatform);
    const at = await fill(url, caseReference, { running, due }, printLine);
    await settle(servers);
    const announced = `SELECT count(*)::int AS count FROM journal WHERE type = 'DeadlineEscalated'`;
    const burst = slopeTo(url, announced, [], due);
    const fellDue = Date.now();
    await samplePlatform.platform.clock?.advance(at - samplePlatform.now() + 1);
    const { perSecond, seconds } = await burst;
    const late = await lateness(url, fellDue);
    const bare = await bareTransitions(url, due);
    const add = (what: string, value: number, unit: string): void =>
      measurements.add({ part: 'deadlines', what, value, unit });
    add(`${due} deadlines among ${running} cases: all announced after`, seconds, 's');
    add('deadlines announced', perSecond, '/s');
    add('how late, p50 of the burst', late.p50, 's');
    add('how late, p99 of the burst', late.p99, 's');
    add('their rows alone, a transaction each, ten connections', bare, '/s');
    add('deadlines announced / rows alone', perSecond / bare, '×');
    printLine(
      `deadlines: ${due} of ${running} announced in ${seconds.toFixed(1)} s (${perSecond}/s); bare ${Math.round(bare)}/s`,
    );
  } finally {
    await samplePlatform.stop();
  }
}

/** A real procedure that was submitted; all others are copies of it under other ids. @returns this service's reference of its case. */
async function oneProcedure(samplePlatform: SamplePlatform): Promise<string> {
  const organisation = randomUUID();
  const { reference: caseReference } = await openCase(samplePlatform, organisation, [
    'identification-intake',
  ]);
  const processId = randomUUID();
  const token = await samplePlatform.token(organisation, 'responder');
  const beginning = {
    processId,
    caseReference,
    authorityId: AUTHORITY,
    age: IdentificationAge.CHILD,
  };
  await call(samplePlatform.identification, 'beginIdentification', beginning, {
    token,
    deadlineMs: 30_000,
  });
  await call(
    samplePlatform.identification,
    'submitIdentification',
    { processId, personInformedOfPowers: false },
    { token },
  );
  return caseReference;
}

/** @returns the moment at which the deadlines of the burst are due. */
async function fill(
  ownerUrl: string,
  template: string,
  { running, due }: { readonly running: number; readonly due: number },
  printLine: (line: string) => void,
): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query('SET synchronous_commit = off'); // the filling is not measured
  for (let from = 0; from < running; from += CHUNK) {
    const count = Math.min(CHUNK, running - from);
    await client.query(
      `CREATE TEMP TABLE running AS SELECT ${from} + n AS n, gen_random_uuid() AS id, gen_random_uuid() AS process, gen_random_uuid() AS marker
       FROM generate_series(1, ${count}) n`,
    );
    for (const sql of [FILES, TIMERS, REFERENCES])
      await client.query(
        sql.replaceAll('TEMPLATE', `'${template}'`).replaceAll('DUE', String(due)),
      );
    await client.query('DROP TABLE running');
    printLine(`filling deadlines: ${from + count} of ${running} cases`);
  }
  await client.query('DELETE FROM timers WHERE aggregate_id = $1', [template]); // the template itself is not measured
  const { rows } = await client.query<{ due: string }>('SELECT min(due) AS due FROM timers');
  await client.end();
  return Number(rows[0]?.due);
}

/**
 * Removes the warnings before these deadlines, because they are due now. Every deadline of a case outside the burst moves a year later.
 */
const LATER = `CASE WHEN r.n <= DUE THEN 0 ELSE ${YEAR_MS} END`;
const FILES = `
  INSERT INTO identification_file (id, owner_org, version, generation, state, referred_by, authority, process_id, stage, waits_for, due, escalated_to)
  SELECT r.id, f.owner_org, f.version, f.generation,
    jsonb_set(jsonb_set(jsonb_set(jsonb_set(f.state, '{caseReference}', to_jsonb(r.id)), '{procedure,processId}', to_jsonb(r.process)),
      '{procedure,markerId}', to_jsonb(r.marker)),
      '{procedure,deadlines}', (SELECT jsonb_object_agg(key, (value - 'soonAt') || jsonb_build_object(
        'end', value->'end' || jsonb_build_object('due', (value->'end'->>'due')::bigint + ${LATER})))
        FROM jsonb_each(f.state->'procedure'->'deadlines'))),
    f.referred_by, f.authority, r.process, f.stage, f.waits_for, f.due + ${LATER}, NULL
  FROM running r, identification_file f WHERE f.id = TEMPLATE`;
const TIMERS = `
  INSERT INTO timers (aggregate, aggregate_id, generation, kind, due)
  SELECT t.aggregate, r.id, t.generation, t.kind, f.due + ${LATER}
  FROM running r, timers t, identification_file f
  WHERE t.aggregate_id = TEMPLATE AND f.id = TEMPLATE AND t.generation = f.generation`;
const REFERENCES = `
  INSERT INTO procedure_reference (process_id, marker_id, case_reference) SELECT process, marker, id FROM running`;

/** Seconds from the moment at which all were due to the announcement of each. */
async function lateness(
  ownerUrl: string,
  fellDue: number,
): Promise<{ readonly p50: number; readonly p99: number }> {
  const [row] = await rowsOf<{ p50: number; p99: number }>(
    ownerUrl,
    `WITH announced AS (SELECT extract(epoch FROM recorded_at)::float - ${fellDue / 1_000} AS late FROM journal WHERE type = 'DeadlineEscalated')
     SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY late) AS p50, percentile_cont(0.99) WITHIN GROUP (ORDER BY late) AS p99 FROM announced`,
  );
  return row ?? { p50: 0, p99: 0 };
}

/** The minimum: lock and write the row of the file, insert a journal row and the next timer, delete the old timer. */
async function bareTransitions(ownerUrl: string, count: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: AT_ONCE });
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM identification_file LIMIT $1', [
    count,
  ]);
  const ids = rows.map(({ id }) => id);
  const began = performance.now();
  const worker = async (): Promise<void> => {
    const client = await pool.connect();
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      await client.query('BEGIN');
      await client.query({
        name: 'lock',
        text: 'SELECT state FROM identification_file WHERE id = $1 FOR UPDATE',
        values: [id],
      });
      await client.query({
        name: 'keep',
        text: 'UPDATE identification_file SET version = version + 1, state = state WHERE id = $1',
        values: [id],
      });
      await client.query({ name: 'journal', text: JOURNAL, values: [randomUUID(), id] });
      await client.query({
        name: 'timer',
        text: `INSERT INTO timers VALUES ('bench', $1, 1, 'bench', 9e15)`,
        values: [id],
      });
      await client.query({
        name: 'gone',
        text: `DELETE FROM timers WHERE aggregate = 'bench' AND aggregate_id = $1`,
        values: [id],
      });
      await client.query('COMMIT');
    }
    client.release();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const perSecond = count / ((performance.now() - began) / 1_000);
  await pool.end();
  return perSecond;
}

const JOURNAL = `
  INSERT INTO journal (id, aggregate, aggregate_id, version, at, author_organisation, author_role, type, data)
  VALUES ($1, 'bench', $2, 1, 0, $2, 'bench', 'Bench', '{"type": "DeadlineEscalated", "deadline": "reasonable-grounds", "due": 1767606000000}')`;
