import { expect, it } from 'vitest';
import { comparedColumns, comparedTexts } from './compared-texts.ts';

const textsOf = (text: string, ...values: unknown[]) =>
  Object.fromEntries(comparedTexts([{ text, values }]));

it('comparedTexts finds what a column is compared with: a value, each value of a list, or a row of values', () => {
  expect(
    textsOf('SELECT 1 FROM attachment a WHERE a.section = $2 AND case_id = $1', 7, 'health'),
  ).toEqual({
    section: ['health'],
  });
  expect(textsOf('SELECT 1 FROM timers WHERE aggregate = ANY ($1)', ['referral', 'offer'])).toEqual(
    {
      aggregate: ['offer', 'referral'],
    },
  );
  expect(
    textsOf('SELECT 1 FROM journal j WHERE (j.topic, j.position) > ($1, $2::bigint)', 'a.b.v1', 0),
  ).toEqual({
    topic: ['a.b.v1'],
  });
});

it('comparedTexts finds the literals in a statement', () => {
  expect(
    textsOf(`SELECT 1 FROM offer WHERE status IN ('open', 'holding') AND need = 'shelter'`),
  ).toEqual({
    status: ['holding', 'open'],
    need: ['shelter'],
  });
});

it('comparedTexts omits the empty text at which a list begins, because no row has it', () => {
  const text = 'SELECT 1 FROM service s WHERE (s.need, s.id) > ($1, $2) LIMIT $3';
  expect(textsOf(text, '', '00000000-0000-0000-0000-000000000000', 50)).toEqual({});
});

it('comparedTexts omits ids and values that are not text', () => {
  expect(
    textsOf(
      'SELECT 1 WHERE a = $1 AND b = $2 AND c = $3',
      '3b1f8a52-98b8-4f0e-9f3c-0f6f0c4c7d11',
      5,
      null,
    ),
  ).toEqual({});
});

it('comparedTexts collects what several statements compare one column with', () => {
  const first = { text: 'SELECT 1 WHERE stage = $1', values: ['draft'] };
  const second = { text: 'SELECT 1 WHERE f.stage = $1', values: ['closed'] };
  expect(comparedTexts([first, second]).get('stage')).toEqual(['closed', 'draft']);
});

it('comparedColumns finds the columns of lists that are read in parallel', () => {
  const text =
    'UPDATE inbox SET last = s.last FROM unnest($2::text[], $3::bigint[]) AS s (key, last) WHERE topic = $1';
  expect([...comparedColumns(text)].sort()).toEqual([
    [0, 'topic'],
    [1, 'key'],
    [2, 'last'],
  ]);
});
