import { instant } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { daysOfCalendarLeft, readKept } from './kept.ts';
import { contentOf, loadCountryPack, readCountryPack } from './load.ts';

const { content: current } = await contentOf('infra/countries/sample');
const ID = 'xs-2025.1-0badcafe';

/** As an older version kept it: without what was not asked for then. */
const without = (edit: (content: typeof current) => void) => {
  const older = structuredClone(current);
  edit(older);
  return { id: ID, content: older };
};
const partOf = <Part>(content: typeof current, name: string): Part => content[name] as Part;

describe('a pack that was kept', () => {
  it('keeps its id, under which things were begun', () => {
    expect(readKept({ id: ID, content: current }, current).id).toBe(ID);
  });

  it('is read by a version that asks for more: what is missing is taken, place by place, from the pack that is loaded now', () => {
    const kept = readKept(
      without((content) => {
        Reflect.deleteProperty(partOf(content, 'retention'), 'stay');
        const { steps } = partOf<{ steps: object[] }>(content, 'identification');
        Object.assign(steps[0] ?? {}, { term: '9 days', says: undefined });
      }),
      current,
    );
    expect(kept.retention.stay).toEqual({ unit: 'days', count: 3650 });
    expect(kept.identification.steps[0]?.term).toEqual({ unit: 'days', count: 9 });
    expect(kept.identification.steps[0]?.says).toMatch(/./);
  });

  it('is never given what its law did not give, though the law of today does', () => {
    const kept = readKept(
      without((content) => {
        Reflect.deleteProperty(partOf(content, 'retention'), 'stay');
        const { steps } = partOf<{ steps: object[] }>(content, 'identification');
        Reflect.deleteProperty(steps[0] ?? {}, 'reconsideration');
      }),
      current,
    );
    expect(kept.identification.steps[0]?.reconsideration).toBeUndefined();
  });

  it('that cannot be read any more is named with what is wrong in it', () => {
    const broken = without((content) => Object.assign(partOf<object>(content, 'retention'), { stay: 'long' }));
    expect(() => readKept(broken, current)).toThrow(/xs-2025\.1-0badcafe.*retention\.stay/);
  });

  it('is the same pack whether its files or its copy are read', () => {
    const copy = JSON.parse(JSON.stringify(current)) as typeof current;
    expect(readCountryPack(copy)).toEqual(readCountryPack(current));
  });
});

it('knows for how many days its holidays are named, so that somebody is warned a year before', async () => {
  const pack = await loadCountryPack('infra/countries/sample');
  expect(daysOfCalendarLeft(pack, instant(Date.UTC(2028, 11, 22)))).toBe(10);
  expect(daysOfCalendarLeft(pack, instant(Date.UTC(2030, 0, 1)))).toBe(0);
});
