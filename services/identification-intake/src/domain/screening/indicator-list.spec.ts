import { expect, it } from 'vitest';
import { type IndicatorList, listsOf } from './indicator-list.ts';
import { answers, begun, given, screeningIn, seen } from './screening.fixture.ts';
import { finishScreening } from './session.ts';

const list = (version: string): IndicatorList => ({
  id: 'small',
  version,
  dimensions: [],
  positive: [],
  rules: { adult: [], child: [] },
});
const pack = (...versions: string[]) => ({ indicators: versions.map(list) });

it('the name of a list alone means the newest version of the loaded pack, in numeric order', () => {
  expect(listsOf([pack('2026-9', '2026-10')]).get('small')?.version).toBe('2026-10');
});

it('a version of an older pack is still found, so that a screening that began with it is evaluated by it', () => {
  const lists = listsOf([pack('2025-1'), pack('2026-1')]);
  expect(lists.get('small@2025-1')?.version).toBe('2025-1');
  expect(lists.get('small')?.version).toBe('2026-1');
});

it('a list that the loaded pack does not have is not found by its name alone', () => {
  expect(listsOf([pack('2025-1'), pack()]).get('small')).toBeUndefined();
});

it('a screening whose list is missing is refused instead of being evaluated as if nothing was asked', () => {
  const file = given(...begun())
    .when(answers(seen('one')))
    .state();
  expect(finishScreening(screeningIn(file), listsOf([pack()]))).toMatchObject({
    refusal: 'unknown-list',
  });
});
