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

it('calls the newest version of the pack that is loaded by its name alone, as people count versions', () => {
  expect(listsOf([pack('2026-9', '2026-10')]).get('small')?.version).toBe('2026-10');
});

it('still knows a version that only an older pack had, so that what was begun with it is weighed by it', () => {
  const lists = listsOf([pack('2025-1'), pack('2026-1')]);
  expect(lists.get('small@2025-1')?.version).toBe('2025-1');
  expect(lists.get('small')?.version).toBe('2026-1');
});

it('begins nothing new with a list that the pack that is loaded does not have any more', () => {
  expect(listsOf([pack('2025-1'), pack()]).get('small')).toBeUndefined();
});

it('weighs nothing by a list that is not here any more: what was asked is not taken for nothing', () => {
  const file = given(...begun())
    .when(answers(seen('one')))
    .state();
  expect(finishScreening(screeningIn(file), listsOf([pack()]))).toMatchObject({
    refusal: 'unknown-list',
  });
});
