import { days, type Instant, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { warningsOf } from '../domain/person/warnings.ts';
import { callOf, noon, type Subject, vaultDatabase } from '../outbound/vault-database.fixture.ts';
import { alertsOf } from './deadlines.fixture.ts';
import * as person from './person.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());
const alertsFor = (role: string, subject: Subject) => alertsOf(vault, role, subject);

describe('the eighteenth birthday of a child', () => {
  const records = async (
    subject: Subject,
    age: 'child' | 'adult' | 'disputed',
    eighteenAt: Instant | undefined,
  ) =>
    vault.inTransaction((tx) =>
      person.age(
        tx,
        vault.pack,
        { caseId: subject.caseId, age, eighteenAt },
        callOf(subject.owner),
      ),
    );
  const due = async ({ caseId }: Subject): Promise<Instant | undefined> =>
    (
      await vault.database.query<{ due: Instant }>(
        "SELECT t.due FROM timers t JOIN coming_of_age c ON c.id = t.aggregate_id AND c.generation = t.generation WHERE t.aggregate = 'coming_of_age' AND c.id = $1",
        [caseId],
      )
    ).rows[0]?.due;
  const comes = ({ caseId }: Subject, now: Instant) =>
    vault.inTransaction((tx) => person.onComingOfAge(vault.pack)(tx, caseId, now));

  it('has a timer for each warning of the country and then for the day itself', async () => {
    const subject = await vault.opened();
    const birthday = later(noon, days(400));
    await records(subject, 'child', birthday);
    const warnings: (Instant | undefined)[] = [];
    for (let next = await due(subject); next !== undefined; next = await due(subject)) {
      warnings.push(next);
      await comes(subject, next);
    }
    expect(warnings).toEqual([
      ...warningsOf(birthday, [days(180), days(30)], vault.pack.timeZone),
      birthday,
    ]);
    expect(await alertsFor('caseworker', subject)).toEqual([
      'comes-of-age',
      'comes-of-age',
      'came-of-age',
    ]);
  });

  it('leads to one warning at once when all warnings are already due', async () => {
    const subject = await vault.opened();
    const birthday = later(noon, days(3));
    await records(subject, 'child', birthday);
    expect(await due(subject)).toBe(noon);
    await comes(subject, noon);
    expect([await alertsFor('caseworker', subject), await due(subject)]).toEqual([
      ['comes-of-age'],
      birthday,
    ]);
  });

  it('is in no journal entry before it comes, and cannot be computed from a warning', async () => {
    const subject = await vault.opened();
    const birthday = later(noon, days(277) + 4_321);
    await records(subject, 'child', birthday);
    const warned = await due(subject);
    await comes(subject, warned ?? noon);
    const { rows } = await vault.database.query<{ at: number; line: string }>(
      'SELECT at, to_jsonb(j)::text AS line FROM journal j WHERE aggregate_id = $1',
      [subject.caseId],
    );
    expect(rows.filter(({ line }) => line.includes(String(birthday)))).toEqual([]);
    expect(rows.map(({ at }) => at)).toContain(warned);
    expect(rows.map(({ at }) => (birthday - at) % days(1)).slice(-1)).not.toEqual([0]);
  });

  it('is in the journal afterwards, without a birth date', async () => {
    const subject = await vault.opened();
    const birthday = later(noon, days(3));
    await records(subject, 'child', birthday);
    await comes(subject, noon);
    await comes(subject, birthday);
    const { rows } = await vault.database.query<{ type: string; line: string }>(
      'SELECT type, to_jsonb(j)::text AS line FROM journal j WHERE aggregate_id = $1 AND at >= $2',
      [subject.caseId, birthday],
    );
    expect(rows.map(({ type }) => type)).toContain('CameOfAge');
    expect(rows.filter(({ line }) => /birth|eighteenAt/.test(line))).toEqual([]);
  });

  it('makes nobody an adult whose age is disputed, alerts a caseworker, and is deleted', async () => {
    const subject = await vault.opened();
    const birthday = later(noon, days(3));
    await records(subject, 'child', birthday);
    await records(subject, 'disputed', undefined);
    await comes(subject, birthday);
    expect(await alertsFor('caseworker', subject)).toEqual(['eighteen-age-in-doubt']);
    expect(await due(subject)).toBeUndefined();
    const permits = vault.permits(
      subject,
      'health',
      { validUntil: later(birthday, days(9)) },
      later(birthday, 1),
    );
    await expect(permits).rejects.toThrow('guardian-needed');
  });

  it('is deleted when the person is determined to be an adult, and an age that contradicts it is refused', async () => {
    const subject = await vault.opened();
    expect(await records(subject, 'adult', later(noon, days(9)))).toMatchObject({
      refusal: 'age-and-birth-date-differ',
    });
    await records(subject, 'child', later(noon, days(9)));
    await records(subject, 'adult', undefined);
    expect(await due(subject)).toBeUndefined();
    await comes(subject, later(noon, days(9)));
    expect(await alertsFor('caseworker', subject)).toEqual([]);
  });
});
