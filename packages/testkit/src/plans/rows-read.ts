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

/** These read rows of a table. A bitmap's rows are counted where they are read from the table, not in the index. */
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

/** Rows of tables that were looked at, whether they were wanted or not. */
export const rowsRead = (plan: PlanNode): number => sum(readsOf(plan).map(rowsLookedAt));

/** Rows that were given or written. */
export const rowsWanted = (plan: PlanNode): number =>
  given(plan) +
  sum(
    nodesOf(plan)
      .filter(isWrite)
      .flatMap((write) => (write.Plans ?? []).map(given)),
  );

/** How often an index or a table was entered: each loop of a nested loop enters once. */
export const lookUpsOf = (plan: PlanNode): number =>
  sum(readsOf(plan).map((node) => node['Actual Loops'] ?? 0));

/**
 * Pages that its scans touched: an index that is read from end to end shows here, even where few of its rows are given. What a write touches to keep the
 * table and its indexes is not of it.
 */
export const pagesTouched = (plan: PlanNode): number =>
  sum(
    readsOf(plan).map((node) => {
      // The index of a bitmap is read for its table; whatever else stands under a scan was counted where it is.
      const others = (node.Plans ?? []).filter((under) => !under['Node Type'].startsWith('Bitmap'));
      return pagesOf(node) - sum(others.map(pagesOf));
    }),
  );

const pagesOf = (node: PlanNode): number =>
  (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0);

/** Whether a table gave it a row, and it gave one on: else its values asked for nothing that the tables hold. */
export const foundRows = (plan: PlanNode): boolean =>
  readsOf(plan).some((node) => given(node) > 0) && (nodesOf(plan).some(isWrite) || given(plan) > 0);

/** What reads a table, and which. */
export const readsOf = (plan: PlanNode): PlanNode[] =>
  nodesOf(plan).filter((node) => READS.has(node['Node Type']));

export const isWrite = (node: PlanNode): boolean => node['Node Type'] === 'ModifyTable';

/** Where the rows were read, for whoever mends a statement. */
export const placesOf = (plan: PlanNode): string[] =>
  readsOf(plan).map(
    (node) =>
      `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name'] ?? ''}: ${Math.round(rowsLookedAt(node))}`,
  );

const given = (node: PlanNode): number => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0);

/** Rows that a node looked at, whether it gave them on or not. */
export const rowsLookedAt = (node: PlanNode): number => {
  const removed =
    (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return given(node) + removed * (node['Actual Loops'] ?? 0);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
