import { instant } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { contentOf, loadCountryPack, readCountryPack } from './load.ts';
import { calendarDaysLeft, readStoredPack } from './stored-packs.ts';

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
  it('keeps its id, under which procedures were begun', () => {
    expect(readStoredPack({ id: ID, content: current }, current).id).toBe(ID);
  });

  it('of an older version takes each missing value from the loaded pack', () => {
    const kept = readStoredPack(
      without((content) => {
        Reflect.deleteProperty(partOf(content, 'retention'), 'stay');
        const { steps } = partOf<{ steps: object[] }>(content, 'identification');
        Object.assign(steps[0] ?? {}, { term: '9 days', label: undefined });
      }),
      current,
    );
    expect(kept.retention.stay).toEqual({ unit: 'days', count: 3650 });
    expect(kept.identification.steps[0]?.term).toEqual({ unit: 'days', count: 9 });
    expect(kept.identification.steps[0]?.label).toMatch(/./);
  });

  it('never gets a right or permission that its own law did not give', () => {
    const kept = readStoredPack(
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
    const broken = without((content) =>
      Object.assign(partOf<object>(content, 'retention'), { stay: 'long' }),
    );
    expect(() => readStoredPack(broken, current)).toThrow(/xs-2025\.1-0badcafe.*retention\.stay/);
  });

  it('keeps its needs, though the country calls its only need otherwise now', () => {
    const [need] = partOf<object[]>(current, 'needs');
    const renamed = { ...current, needs: [{ ...need, code: 'shelter' }] };
    expect(readStoredPack({ id: ID, content: current }, renamed).needs).toEqual([need]);
  });

  it('is given the class of a need that it takes from today, where the country calls it otherwise now', () => {
    const [need] = partOf<object[]>(current, 'needs');
    const [serviceClass] = partOf<{ code: string }[]>(current, 'serviceClasses');
    const today = {
      ...current,
      needs: [{ ...need, code: 'shelter' }],
      serviceClasses: [{ ...serviceClass, code: 'shelter' }],
    };
    const needs = [{ ...need, code: 'legal-aid', providedBy: 'legal-aid' }];
    const kept = readStoredPack(
      without((content) => Object.assign(content, { needs })),
      today,
    );
    expect(kept.needs).toMatchObject([{ code: 'shelter' }]);
    expect(kept.serviceClasses).toHaveLength(
      partOf<object[]>(current, 'serviceClasses').length + 1,
    );
  });

  it('of before there were desks has those of today: also one that it does not name', () => {
    const older = without((content) => {
      const roles = partOf<{ code: string }[]>(content, 'roles').filter(
        ({ code }) => code !== 'accreditor',
      );
      for (const role of roles) Reflect.deleteProperty(role, 'heldBy');
      Object.assign(content, { roles });
    });
    const heldBy = (pack: {
      roles: readonly { code: string; heldBy?: readonly string[] | undefined }[];
    }) => pack.roles.flatMap((role) => (role.heldBy ? [[role.code, role.heldBy]] : [])).sort();
    expect(heldBy(readStoredPack(older, current))).toEqual(
      heldBy({ roles: partOf(current, 'roles') }),
    );
  });

  it('leaves out a need that no installed service provides, and where that was its only one has those of today', () => {
    const [need] = partOf<object[]>(current, 'needs');
    const needs = [{ ...need, code: 'legal-aid', providedBy: 'legal-aid' }];
    const both = without((content) =>
      Object.assign(content, { needs: needs.concat(partOf<[]>(content, 'needs')) }),
    );
    expect(readStoredPack(both, current).needs).toEqual([need]);
    expect(
      readStoredPack(
        without((content) => Object.assign(content, { needs })),
        current,
      ).needs,
    ).toEqual([need]);
  });

  it('of before needs said who provides them, and of before there was a formal process, is completed from that of today', () => {
    const older = without((content) => {
      for (const need of partOf<object[]>(content, 'needs'))
        Reflect.deleteProperty(need, 'providedBy');
      Reflect.deleteProperty(content, 'identification');
      Reflect.deleteProperty(content, 'serviceClasses');
    });
    const kept = readStoredPack(older, current);
    expect(kept.needs).toEqual(current.needs);
    expect(kept.serviceClasses).toEqual(current.serviceClasses);
    expect(kept.identification.calendar).toBe(
      partOf<{ calendar: string }>(current, 'identification').calendar,
    );
  });

  it('is read without places of last resort for nobody, and with the first of two for the same', () => {
    const places = partOf<object[]>(current, 'placesOfLastResort');
    const [first] = places;
    const unclear = [
      { ...first, group: 'wimen' },
      { ...first, region: 'harbor' },
      { ...first, place: 'another-house' },
    ];
    const older = without((content) =>
      Object.assign(content, { placesOfLastResort: places.concat(unclear) }),
    );
    expect(readStoredPack(older, current).placesOfLastResort).toEqual(places);
  });

  it('is the same pack whether its files or its copy are read', () => {
    const copy = JSON.parse(JSON.stringify(current)) as typeof current;
    expect(readCountryPack(copy)).toEqual(readCountryPack(current));
  });
});

it('knows for how many days its holidays are named, so that somebody is warned a year before', async () => {
  const pack = await loadCountryPack('infra/countries/sample');
  expect(calendarDaysLeft(pack, instant(Date.UTC(2028, 11, 22)))).toBe(10);
  expect(calendarDaysLeft(pack, instant(Date.UTC(2030, 0, 1)))).toBe(0);
});
