import type { Queries } from '@opennrm/runtime';
import { comparedColumns } from './compared-texts.ts';
import { isEmpty } from './fuller-values.ts';
import { idOf, isId, KEYS } from './ids.ts';
import type { Recorded } from './recorded.ts';
import { isWrite, nodesOf, type PlanNode } from './rows-read.ts';

export const PAGE = 50;

/** An id with very many rows, and an id with few. */
const SAMPLES = ['1', '4321'];

export interface Explained {
  readonly plan: PlanNode;
  /** Whether the statement was run. Otherwise it was only planned, because generated values cannot be written. */
  readonly ran: boolean;
}

export interface ExplainedStatement {
  /** One result for each sample. */
  readonly samples: readonly Explained[];
  /** The list parameters that never had an element, as the statement names them: `$1`. */
  readonly emptyLists: readonly string[];
}

/** The plans of a statement as in production: one plan for all values. Writes are rolled back. */
export async function explain(
  on: Queries,
  { name, text, values }: Recorded,
): Promise<ExplainedStatement> {
  await on.query(`PREPARE "${name}" AS ${text}`);
  const { rows } = await on.query<{ types: string[] }>(
    'SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = $1',
    [name],
  );
  const types = rows[0]?.types ?? [];
  const limit = Number(/LIMIT \$(\d+)/.exec(text)?.[1] ?? 0);
  const columns = comparedColumns(text);
  const samples: Explained[] = [];
  for (const sample of SAMPLES) {
    const given = types.map((type, nth) => {
      if (nth + 1 === limit) return `${PAGE}`;
      return literal(values[nth], { type, sample, isKey: KEYS.has(columns.get(nth) ?? '') });
    });
    samples.push(
      await explainOnce(on, `EXECUTE "${name}"${given.length > 0 ? `(${given.join(', ')})` : ''}`),
    );
  }
  const emptyLists = types.flatMap((type, nth) =>
    type.endsWith('[]') && isEmpty(values[nth]) ? [`$${nth + 1}`] : [],
  );
  return { samples, emptyLists };
}

async function explainOnce(on: Queries, execute: string): Promise<Explained> {
  const planned = await planOf(on, `EXPLAIN (FORMAT JSON) ${execute}`);
  await on.query('BEGIN');
  try {
    return {
      plan: await planOf(on, `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${execute}`),
      ran: true,
    };
  } catch (error) {
    if (nodesOf(planned).some(isWrite)) return { plan: planned, ran: false };
    throw error;
  } finally {
    await on.query('ROLLBACK');
  }
}

async function planOf(on: Queries, statement: string): Promise<PlanNode> {
  const { rows } = await on.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(statement);
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
  if (!plan) throw new Error('EXPLAIN gave no plan');
  return plan;
}

interface Parameter {
  readonly type: string;
  readonly sample: string;
  /** Whether its column holds ids as text. */
  readonly isKey: boolean;
}

/** A value as SQL. An id is replaced by one that the filled tables have; any other value is the one from the spec. */
function literal(value: unknown, { type, sample, isKey }: Parameter): string {
  if (value === null || value === undefined) return `NULL::${type}`;
  if (type.endsWith('[]')) {
    const one = type.slice(0, -2);
    const elements = (Array.isArray(value) ? value : []).map((element, nth) =>
      literal(element, { type: one, sample: `${sample} + ${nth}`, isKey }),
    );
    return `ARRAY[${elements.join(', ')}]::${type}`;
  }
  if (type === 'uuid') return idOf(sample);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return isKey || isId(text)
    ? `${idOf(sample)}::text::${type}`
    : `'${text.replaceAll("'", "''")}'::${type}`;
}
