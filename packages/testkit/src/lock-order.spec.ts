import type { Statement, Transaction } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { lockOrder } from './lock-order.ts';

const lock = (table: string, ids: string | readonly string[]): Statement => ({
  name: `${table}-lock`,
  text: `SELECT 1 FROM ${table} WHERE id = ${typeof ids === 'string' ? '$1' : 'ANY ($1::uuid[])'} FOR UPDATE`,
  values: [ids],
});
const SEARCH = {
  name: 'b-search',
  text: 'SELECT 1 FROM b WHERE a_id = $1 FOR UPDATE',
  values: ['1'],
};
const SKIP = { name: 'a-next', text: 'SELECT 1 FROM a LIMIT 1 FOR UPDATE SKIP LOCKED' };
const ALONE = { name: 'alone', text: 'SELECT pg_advisory_xact_lock($1)', values: [1] };
const COUNT = {
  name: 'a-count',
  text: 'INSERT INTO a (id) SELECT * FROM unnest($1::uuid[]) ON CONFLICT (id) DO UPDATE SET id = excluded.id',
  values: [['1']],
};

it.each<[string, readonly Statement[], readonly string[]]>([
  ['the declared order', [lock('a', '1'), SEARCH, ALONE, lock('c', '1')], []],
  ['an earlier table after a later one', [SEARCH, lock('a', '1')], ['a-lock locks a after b']],
  ['an earlier table by an insertion', [SEARCH, COUNT], ['a-count locks a after b']],
  ['an advisory lock too late', [lock('c', '1'), ALONE], ['alone locks advisory after c']],
  ['a row that is locked already', [COUNT, lock('a', '1'), SEARCH, lock('a', ['1'])], []],
  ['rows by their ids', [lock('a', '1'), lock('a', ['2', '3']), lock('a', '1')], []],
  [
    'a lower id',
    [lock('a', '2'), lock('a', '1')],
    ['a-lock locks a row of a after one with a higher id'],
  ],
  ['any ids under an advisory lock', [ALONE, lock('c', '2'), lock('c', '1')], []],
  ['a row that is skipped when it is locked', [SEARCH, SKIP], []],
])(
  'a transaction of a spec is compared with the declared order of locks: %s',
  (_what, statements, faults) => {
    const order = lockOrder(['a', 'b', 'advisory', 'c']);
    const tx = { memory: new Map() } as unknown as Transaction;
    for (const one of statements) order.watch(one, tx);
    expect(order.faults()).toEqual(faults);
  },
);
