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
  /** The service whose database it is, or `messaging` for the tables of the packages. */
  readonly service: string;
  /** Statements of the source that no part spec runs on its test database, each with the reason. */
  readonly notRecorded?: Readonly<Record<string, string>>;
  /** Other workspaces whose statements the part specs of this one run. */
  readonly alsoOf?: readonly string[];
  /** Tables that only the specs of the workspace have, each with the SQL that creates it. */
  readonly tablesOfSpecs?: Readonly<Record<string, string>>;
  /** Statements that may read more rows, each with the number and the reason. */
  readonly readsMore?: Readonly<Record<string, ReadsMore>>;
  /** Statements with a list parameter that never has an element in a spec, each with the reason. */
  readonly emptyLists?: Readonly<Record<string, string>>;
  /** Statements whose values match no row of the filled tables, each with the reason. */
  readonly findsNothing?: Readonly<Record<string, string>>;
}

/**
 * Production forbids sequential scans, because a plan may be made while a table is empty. On large tables the planner must also choose an
 * index by itself. When it may not read the table, it reads any index from end to end, and the plan of a write that is not run does not
 * show this.
 */
const WITHOUT_FORBIDDING = `${planOptions} -c enable_seqscan=on`;

/** One for each core of a small machine. */
const FILLED_AT_A_TIME = 2;

/**
 * Specifies that every named statement of a workspace, planned as in production on tables of 200,000 rows, reads at most twenty rows for
 * each returned row and each place of its page, and finds at least one. The part specs of the workspace must run before, because they
 * record the statements.
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
    const open = () => openConnection({ connectionString: test.ownerUrl, ...longLimits });
    const owners = await Promise.all(Array.from({ length: FILLED_AT_A_TIME }, open));
    try {
      const tables = await tablesIn(test.database, planned);
      counts = await fill(owners, tables, options, comparedTexts(planned));
    } finally {
      await Promise.all(owners.map((owner) => owner.end()));
    }
  });
  afterAll(() => test.drop());

  it('a part spec runs each statement that the source names', () => {
    const named = [options.workspace].concat(alsoOf).flatMap(namedInSource);
    const missing = named.filter((pattern) => !planned.some(({ name }) => isNamed(pattern, name)));
    expect(missing, 'run the part specs of the workspace first').toEqual(
      Object.keys(options.notRecorded ?? {}).sort(),
    );
  });

  it('every exception names an existing statement', () => {
    const excepted = [readsMore, emptyLists, nothing].flatMap(Object.keys);
    expect(excepted.filter((name) => !planned.some((one) => one.name === name))).toEqual([]);
  });

  it('every table that a statement names is filled', () => {
    const tooFew = [...counts].filter(
      ([table, count]) => count < (options.small[table] ?? 100_000),
    );
    expect(tooFew, 'give the columns of its unique index distinct values').toEqual([]);
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
          'lists that have no element in any run of a part spec',
        ).toEqual([]);
        expect(
          findsNothing(samples) && !(name in nothing),
          'no sample finds a row: set `columns` to values that the statement requests',
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
