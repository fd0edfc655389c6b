import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { loadCountryPack } from '@opennrm/country/load';
import { asAdmin } from '@opennrm/infra/local';
import { days, instant } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { escalatedTo } from '../domain/formal-process/procedure.ts';
import { rulesOf } from '../domain/formal-process/rules.ts';
import { onTimePasses } from '../handlers/on-time-passes.ts';
import { identificationFiles } from './identification-files.ts';

const rules = rulesOf(await loadCountryPack('infra/countries/sample'));
const [AUTHORITY, REFERRER]: [string, string] = [randomUUID(), randomUUID()];
const NOON = Date.UTC(2026, 0, 5, 12);
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
});
afterAll(() => test.drop());

/** Inserts a row in the format before decision 0022. */
async function rowBefore(stage: object, more: object = {}): Promise<string> {
  const id: string = randomUUID();
  const procedure = {
    processId: randomUUID(),
    markerId: randomUUID(),
    referredBy: REFERRER,
    authority: AUTHORITY,
    age: 'adult',
    ruleVersion: rules.id,
    stage,
    answers: {},
    decisions: [],
    deadlines: {},
    extended: [],
    ...more,
  };
  const session = { language: '', interpreter: false, by: REFERRER, at: NOON };
  const screening = {
    screeningId: randomUUID(),
    state: 'open',
    answers: [],
    changed: [],
    sessions: [session],
  };
  const state = { caseReference: id, ownerOrg: REFERRER, screenings: [screening], procedure };
  await test.database.query(
    `INSERT INTO identification_file (id, owner_org, version, generation, state, referred_by, authority, process_id, stage)
     VALUES ($1, $2, 1, 0, $3, $2, $4, $5, $6)`,
    [
      id,
      REFERRER,
      JSON.stringify(state),
      AUTHORITY,
      procedure.processId,
      (stage as { at: string }).at,
    ],
  );
  return id;
}

interface JournaledEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

async function journal(id: string, event: JournaledEvent): Promise<void> {
  await test.database.query(
    `INSERT INTO journal (id, aggregate, aggregate_id, version, type, at, author_organisation, author_role, data)
     VALUES ($1, 'identification_file', $2, 1, $3, $4, $5, 'responder', $6)`,
    [randomUUID(), id, event.type, NOON, REFERRER, JSON.stringify(event)],
  );
}

async function migrated(id: string) {
  const sql = await readFile(
    new URL('../../migrations/0006_inactive.sql', import.meta.url),
    'utf8',
  );
  await asAdmin(test.ownerUrl, (owner) => owner.query(sql));
  const file = await identificationFiles.find(test.database, id);
  if (!file?.procedure) throw new Error('the file does not exist');
  return { file, procedure: file.procedure };
}

describe('a migrated procedure', () => {
  it('in draft gets a deadline: it lapses, and its authority never had access to it', async () => {
    const id = await rowBefore({ at: 'draft' });
    const { file, procedure } = await migrated(id);
    expect(file).toMatchObject({ past: [], screenings: [{ stopped: [] }] });
    expect(procedure).toMatchObject({
      notifications: [],
      deadlines: { draft: { state: 'running' } },
    });
    expect(procedure.submission).toBeUndefined();
    const { rows } = await test.database.query<{ due: number; authority: string | null }>(
      `SELECT t.due, f.authority FROM timers t JOIN identification_file f ON f.id = t.aggregate_id AND f.generation = t.generation WHERE f.id = $1`,
      [id],
    );
    expect(rows).toEqual([{ due: expect.any(Number), authority: null }]);
    const due = instant(rows[0]?.due ?? 0);
    expect(due - Date.now()).toBeGreaterThan(days(29));
    await test.database.transaction((tx) => onTimePasses(tx, id, due));
    expect((await identificationFiles.find(test.database, id))?.procedure?.stage).toEqual({
      at: 'lapsed',
    });
  });

  it('that was sent has its time and basis from the journal, and a withdrawn draft has none', async () => {
    const [sent, back] = [
      await rowBefore({ at: 'withdrawn', by: REFERRER }),
      await rowBefore({ at: 'withdrawn' }),
    ];
    for (const id of [sent, back]) await journal(id, { type: 'ProcessBegun' });
    await journal(sent, { type: 'ProcessSubmitted', at: NOON, basis: 'permission' });
    expect((await migrated(sent)).procedure.submission).toEqual({
      at: NOON,
      basis: 'permission',
      informedOfPowers: [],
    });
    expect((await migrated(back)).procedure.submission).toBeUndefined();
  });

  it.each([
    ['suspended', 'court'],
    ['information-requested', 'informants'],
  ])('that is %s has the party it waits for', async (at, waitsFor) => {
    const id = await rowBefore({ at, step: 'reasonable-grounds', ground: 'person-missing' });
    expect((await migrated(id)).procedure.stage).toMatchObject({ at, waitsFor });
  });

  it.each([
    ['pause', { at: 'suspended', step: 'reasonable-grounds', ground: 'person-missing' }],
    [
      'disqualification',
      { at: 'decided', decision: { outcome: 'positive' }, proposal: { outcome: 'disqualified' } },
    ],
  ])('without a deadline is escalated after its new one: %s', async (code, stage) => {
    const id = await rowBefore(stage);
    const { procedure } = await migrated(id);
    const deadline = procedure.deadlines[code];
    if (deadline?.state !== 'running') throw new Error('no deadline');
    await test.database.transaction((tx) => onTimePasses(tx, id, deadline.end.due));
    const late = (await identificationFiles.find(test.database, id))?.procedure;
    expect(late && escalatedTo(late)).toBe('competent-authority');
  });

  it('that is overdue has the role that was notified', async () => {
    const running = {
      state: 'running',
      end: { unit: 'days', due: NOON },
      escalations: [],
      escalationCount: 2,
    };
    const id = await rowBefore(
      { at: 'pending', step: 'reasonable-grounds' },
      {
        deadlines: { 'reasonable-grounds': running, recovery: { ...running, escalationCount: 0 } },
        escalatedTo: 'coordinator',
      },
    );
    const { procedure } = await migrated(id);
    expect(escalatedTo(procedure)).toBe('coordinator');
    expect(procedure.deadlines.recovery).not.toHaveProperty('escalatedTo');
  });
});
