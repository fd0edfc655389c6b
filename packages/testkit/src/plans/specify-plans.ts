import { longLimits, openConnection } from '@opennrm/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../test-database.ts';
import { explain, PAGE } from './explain.ts';
import { type Filling, fill } from './fill.ts';
import { isNamed, namedInSource } from './named-in-source.ts';
import { type Recorded, recordedOf } from './recorded.ts';
import { isWrite, nodesOf, type PlanNode, pagesTouched, placesOf, rowsRead, rowsWanted } from './rows-read.ts';

export interface PlansOf extends Filling {
  /** e.g. `services/referral` */
  readonly workspace: string;
  /** Whose database it is: that of a service, or `messaging` for the tables of the packages. */
  readonly service: string;
  /** Statements of the source that no part spec runs through its test database, each with the reason. */
  readonly notRecorded?: Readonly<Record<string, string>>;
  /** Tables that only the specs of the workspace have: what they run on these is not planned. */
  readonly tablesOfSpecs?: readonly string[];
  /** Statements that may read more, each with the reason. */
  readonly readsMore?: Readonly<Record<string, string>>;
}

/** Rows that may be read for each row that is wanted, and for each place of the page. */
const PER_ROW = 20;
/** A look-up in several tables touches so many pages, and an index of 200,000 rows has many more. */
const PAGES_OF_LOOKUPS = 100;
/** A table of so many rows may be read from end to end by a statement that cannot be run here. */
const SMALL = 1_000;

/**
 * Every named statement of a workspace, planned as in production on tables of 200,000 rows, reads no more than twenty rows for each row that it
 * gives and each place of its page. The part specs of the workspace must have run before: they record what they send.
 */
export function specifyPlans(of: PlansOf): void {
  const recorded = recordedOf(of.workspace, of.service);
  const planned = recorded.filter(({ text }) => !of.tablesOfSpecs?.some((table) => isTableIn(text, table)));
  let test: TestDatabase;
  let counts: Map<string, number>;
  beforeAll(async () => {
    test = await testDatabase(of.service);
    const owner = await openConnection({ connectionString: test.ownerUrl, ...longLimits });
    counts = await fill(owner, await tablesIn(owner, planned), of);
    await owner.end();
  });
  afterAll(() => test.drop());

  it('runs each statement that the source names in a part spec', () => {
    const missing = namedInSource(of.workspace).filter(
      (pattern) => !recorded.some(({ name }) => isNamed(pattern, name)),
    );
    expect(missing, 'run the part specs of the workspace first').toEqual(Object.keys(of.notRecorded ?? {}).sort());
  });

  it('fills every table that a statement names', () => {
    const tooFew = [...counts].filter(([table, count]) => count < (of.small[table] ?? 100_000));
    expect(tooFew, 'give the columns of its unique index values that differ').toEqual([]);
  });

  it.each(planned.map((one) => [one.name, one] as const))('%s reads few rows of large tables', async (name, one) => {
    const connection = await openConnection({
      connectionString: test.url,
      options: '-c plan_cache_mode=force_generic_plan -c jit=off',
    });
    try {
      for (const { plan, ran } of await explain(connection, one)) {
        const faults = ran ? faultsOf(one, plan) : unindexed(plan, counts);
        expect(of.readsMore?.[name] === undefined ? faults : []).toEqual([]);
      }
    } finally {
      await connection.end();
    }
  });
}

function faultsOf(one: Recorded, plan: PlanNode): string[] {
  const allowed = PER_ROW * (pageOf(one) + rowsWanted(plan));
  const read = rowsRead(plan);
  if (read > allowed) return [`${Math.round(read)} rows read, ${Math.round(allowed)} allowed`, ...placesOf(plan)];
  const pages = nodesOf(plan).some(isWrite) ? 0 : pagesTouched(plan);
  const allowedPages = allowed + PAGES_OF_LOOKUPS;
  return pages > allowedPages ? [`${pages} pages touched, ${Math.round(allowedPages)} allowed`, ...placesOf(plan)] : [];
}

/** What a statement asks for: its page, or as many as the longest list of ids that it is given. */
const pageOf = ({ text, values }: Recorded): number => {
  const limits = [...text.matchAll(/LIMIT (\$)?(\d+)/g)].map(([, isParameter, number]) =>
    isParameter ? PAGE : Number(number),
  );
  const lists = values.map((value) => (Array.isArray(value) ? value.length : 1));
  return Math.max(1, ...limits, ...lists);
};

const unindexed = (plan: PlanNode, counts: ReadonlyMap<string, number>): string[] =>
  nodesOf(plan)
    .filter((node) => node['Node Type'] === 'Seq Scan' && (counts.get(node['Relation Name'] ?? '') ?? 0) > SMALL)
    .map((node) => `Seq Scan ${node['Relation Name']}`);

async function tablesIn(
  owner: { query: TestDatabase['database']['query'] },
  recorded: readonly Recorded[],
): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'epoch' ORDER BY tablename`,
  );
  return rows.map(({ name }) => name).filter((table) => recorded.some(({ text }) => isTableIn(text, table)));
}

const isTableIn = (text: string, table: string): boolean => new RegExp(`\\b${table}\\b`).test(text);
