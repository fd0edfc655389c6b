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
const READS = new Set(['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Heap Scan', 'Tid Scan', 'Sample Scan']);

export const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Rows of tables that were looked at, whether they were wanted or not. */
export const rowsRead = (plan: PlanNode): number =>
  sum(
    nodesOf(plan)
      .filter((node) => READS.has(node['Node Type']))
      .map(seenBy),
  );

/** Rows that were given or written. */
export const rowsWanted = (plan: PlanNode): number =>
  given(plan) +
  sum(
    nodesOf(plan)
      .filter(isWrite)
      .flatMap((write) => (write.Plans ?? []).map(given)),
  );

/** Pages that were touched: an index that is read from end to end shows here, even where few of its rows are given. */
export const pagesTouched = (plan: PlanNode): number =>
  (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);

export const isWrite = (node: PlanNode): boolean => node['Node Type'] === 'ModifyTable';

/** Where the rows were read, for whoever mends a statement. */
export const placesOf = (plan: PlanNode): string[] =>
  nodesOf(plan)
    .filter((node) => READS.has(node['Node Type']))
    .map(
      (node) =>
        `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name'] ?? ''}: ${Math.round(seenBy(node))}`,
    );

const given = (node: PlanNode): number => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0);

const seenBy = (node: PlanNode): number => {
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return given(node) + removed * (node['Actual Loops'] ?? 0);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
