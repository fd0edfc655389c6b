/** A node of a plan as EXPLAIN (ANALYZE, FORMAT JSON) gives it. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Nodes that read rows of a table. The rows of a bitmap are counted when they are read from the table, not from the index. */
const READS = new Set([
  'Seq Scan',
  'Index Scan',
  'Index Only Scan',
  'Bitmap Heap Scan',
  'Tid Scan',
  'Sample Scan',
]);

export const nodesOf = (plan: PlanNode): PlanNode[] => [
  plan,
  ...(plan.Plans ?? []).flatMap(nodesOf),
];

/** The rows of tables that were read, whether they were wanted or not. */
export const rowsRead = (plan: PlanNode): number => sum(readsOf(plan).map(rowsLookedAt));

/** The rows that were returned or written. */
export const rowsWanted = (plan: PlanNode): number =>
  given(plan) +
  sum(
    nodesOf(plan)
      .filter(isWrite)
      .flatMap((write) => (write.Plans ?? []).map(given)),
  );

/** The number of look-ups in an index or a table: each loop of a nested loop is one. */
export const lookUpsOf = (plan: PlanNode): number =>
  sum(readsOf(plan).map((node) => node['Actual Loops'] ?? 0));

/**
 * The pages that the scans touched. This shows an index that is read from end to end, even when it returns few rows. The pages that a
 * write touches to update the table and its indexes do not count.
 */
export const pagesTouched = (plan: PlanNode): number =>
  sum(
    readsOf(plan).map((node) => {
      // The index of a bitmap is read for its table. Other nodes under a scan are counted separately.
      const others = (node.Plans ?? []).filter((under) => !under['Node Type'].startsWith('Bitmap'));
      return pagesOf(node) - sum(others.map(pagesOf));
    }),
  );

const pagesOf = (node: PlanNode): number =>
  (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0);

/** Whether a table returned a row and the statement returned one. Otherwise its values match nothing in the tables. */
export const foundRows = (plan: PlanNode): boolean =>
  readsOf(plan).some((node) => given(node) > 0) && (nodesOf(plan).some(isWrite) || given(plan) > 0);

/** The nodes that read a table. */
export const readsOf = (plan: PlanNode): PlanNode[] =>
  nodesOf(plan).filter((node) => READS.has(node['Node Type']));

export const isWrite = (node: PlanNode): boolean => node['Node Type'] === 'ModifyTable';

/** Where the rows were read, for the developer who fixes the statement. */
export const placesOf = (plan: PlanNode): string[] =>
  readsOf(plan).map(
    (node) =>
      `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name'] ?? ''}: ${Math.round(rowsLookedAt(node))}`,
  );

const given = (node: PlanNode): number => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0);

/** The rows that a node read, whether it returned them or not. */
export const rowsLookedAt = (node: PlanNode): number => {
  const removed =
    (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return given(node) + removed * (node['Actual Loops'] ?? 0);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
