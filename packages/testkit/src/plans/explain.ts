import type { Queries } from '@opennrm/runtime';
import { idOf } from './ids.ts';
import type { Recorded } from './recorded.ts';
import { isWrite, nodesOf, type PlanNode } from './rows-read.ts';

export const PAGE = 50;

/** An id with very many rows, and one with few. */
const SAMPLES = ['1', '4321'];

export interface Explained {
  readonly plan: PlanNode;
  /** The statement was run; else its plan was only made, because made-up values cannot be written. */
  readonly ran: boolean;
}

/** The plans of a statement as production makes them: once, for all values. Whatever it writes is undone. */
export async function explain(on: Queries, { name, text, values }: Recorded): Promise<Explained[]> {
  await on.query(`PREPARE "${name}" AS ${text}`);
  const { rows } = await on.query<{ types: string[] }>(
    'SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = $1',
    [name],
  );
  const types = rows[0]?.types ?? [];
  const limit = Number(/LIMIT \$(\d+)/.exec(text)?.[1] ?? 0);
  const explained: Explained[] = [];
  for (const sample of SAMPLES) {
    const given = types.map((type, nth) => (nth + 1 === limit ? `${PAGE}` : literal(values[nth], type, sample)));
    explained.push(await explainOnce(on, `EXECUTE "${name}"${given.length > 0 ? `(${given.join(', ')})` : ''}`));
  }
  return explained;
}

async function explainOnce(on: Queries, execute: string): Promise<Explained> {
  const planned = await planOf(on, `EXPLAIN (FORMAT JSON) ${execute}`);
  await on.query('BEGIN');
  try {
    return { plan: await planOf(on, `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${execute}`), ran: true };
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

/** A value as SQL: an id is replaced with one that the filled tables have, everything else is what the spec gave. */
function literal(value: unknown, type: string, sample: string): string {
  if (value === null || value === undefined) return `NULL::${type}`;
  if (type.endsWith('[]')) {
    const one = type.slice(0, -2);
    const elements = Array.isArray(value) ? value : [];
    return `ARRAY[${elements.map((element, nth) => literal(element, one, `${sample} + ${nth}`)).join(', ')}]::${type}`;
  }
  if (type === 'uuid') return idOf(sample);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return isId(text) ? `${idOf(sample)}::text::${type}` : `'${text.replaceAll("'", "''")}'::${type}`;
}

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
