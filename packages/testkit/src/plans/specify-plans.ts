import { longLimits, openConnection, planOptions } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../test-database.ts';
import { comparedTexts } from './compared-texts.ts';
import { explain } from './explain.ts';
import { faultsOf, findsNothing, type ReadsMore, scansOf } from './faults.ts';
import { type Filling, fill } from './fill.ts';
import { isNamed, namedInSource } from './named-in-source.ts';
import { type Recorded, recordedOf } from './recorded.ts';

export interface PlansOf extends Filling {
  /** e.g. `services/referral` */
  readonly workspace: string;
  /** Whose database it is: that of a service, or `messaging` for the tables of the packages. */
  readonly service: string;
  /** Statements of the source that no part spec runs through its test database, each with the reason. */
  readonly notRecorded?: Readonly<Record<string, string>>;
  /** Other workspaces whose statements the part specs of this one run. */
  readonly alsoOf?: readonly string[];
  /** Tables that only the specs of the workspace have, each with the SQL that makes it. */
  readonly tablesOfSpecs?: Readonly<Record<string, string>>;
  /** Statements that may read more rows, each with how many and the reason. */
  readonly readsMore?: Readonly<Record<string, ReadsMore>>;
  /** Statements that no run of a spec gives a list with an element, each with the reason. */
  readonly emptyLists?: Readonly<Record<string, string>>;
  /** Statements whose values match no row of the filled tables, each with the reason. */
  readonly findsNothing?: Readonly<Record<string, string>>;
}

/**
 * Production forbids sequential scans, because a plan may be made while a table is empty. On large tables the planner must come to an index by itself too:
 * forbidden to read a table, it reads any index of it from end to end, and the plan of a write that is not run here shows no sign of that.
 */
const WITHOUT_FORBIDDING = `${planOptions} -c enable_seqscan=on`;

/**
 * Every named statement of a workspace, planned as in production on tables of 200,000 rows, reads no more than twenty rows for each row that it
 * gives and each place of its page, and finds at least one. The part specs of the workspace must have run before: they record what they send.
 */
export function specifyPlans(options: PlansOf): void {
  const planned = recordedOf(options.workspace, options.service);
  const {
    alsoOf = [],
    tablesOfSpecs = {},
    readsMore = {},
    emptyLists = {},
    findsNothing: nothing = {},
  } = options;
  let test: TestDatabase;
  let counts: Map<string, number>;
  beforeAll(async () => {
    test = await testDatabase(options.service, {
      ownerSql: Object.values(tablesOfSpecs).join(';\n'),
    });
    const owner = await openConnection({ connectionString: test.ownerUrl, ...longLimits });
    counts = await fill(owner, await tablesIn(owner, planned), options, comparedTexts(planned));
    await owner.end();
  });
  afterAll(() => test.drop());

  it('runs each statement that the source names in a part spec', () => {
    const named = [options.workspace].concat(alsoOf).flatMap(namedInSource);
    const missing = named.filter((pattern) => !planned.some(({ name }) => isNamed(pattern, name)));
    expect(missing, 'run the part specs of the workspace first').toEqual(
      Object.keys(options.notRecorded ?? {}).sort(),
    );
  });

  it('excepts only statements that there are', () => {
    const excepted = [readsMore, emptyLists, nothing].flatMap(Object.keys);
    expect(excepted.filter((name) => !planned.some((one) => one.name === name))).toEqual([]);
  });

  it('fills every table that a statement names', () => {
    const tooFew = [...counts].filter(
      ([table, count]) => count < (options.small[table] ?? 100_000),
    );
    expect(tooFew, 'give the columns of its unique index values that differ').toEqual([]);
  });

  describe.each(planned.map((one) => [one.name, one] as const))('%s', (name, one) => {
    it.each([
      ['as in production', planOptions],
      ['with sequential scans allowed', WITHOUT_FORBIDDING],
    ])('reads few rows of large tables, %s', async (_, options) => {
      const connection = await openConnection({ connectionString: test.url, options });
      try {
        const { samples, emptyLists: empty } = await explain(connection, one);
        const more = readsMore[name];
        for (const sample of samples) {
          expect(sample.ran ? faultsOf(one, sample.plan, more) : []).toEqual([]);
          expect(scansOf(sample, counts, more)).toEqual([]);
        }
        expect(
          name in emptyLists ? [] : empty,
          'lists that no run of a part spec gives an element',
        ).toEqual([]);
        expect(
          findsNothing(samples) && !(name in nothing),
          'no sample finds a row: give `columns` that the statement asks for',
        ).toBe(false);
      } finally {
        await connection.end();
      }
    });
  });
}

async function tablesIn(
  owner: { query: TestDatabase['database']['query'] },
  recorded: readonly Recorded[],
): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'epoch' ORDER BY tablename`,
  );
  return rows
    .map(({ name }) => name)
    .filter((table) => recorded.some(({ text }) => isTableIn(text, table)));
}

const isTableIn = (text: string, table: string): boolean => new RegExp(`\\b${table}\\b`).test(text);
