import { instant } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { contentOf, loadCountryPack, readCountryPack } from './load.ts';
import { calendarDaysLeft, readStoredPack } from './stored-packs.ts';

const { content: current } = await contentOf('infra/countries/sample');
const ID = 'xs-2025.1-0badcafe';

/** The pack as an older version stored it, without values that are required since. */
const without = (edit: (content: typeof current) => void) => {
  const older = structuredClone(current);
  edit(older);
  return { id: ID, content: older };
};
const partOf = <Part>(content: typeof current, name: string): Part => content[name] as Part;

describe('a stored pack', () => {
  it('keeps its id, which the procedures that began under it refer to', () => {
    expect(readStoredPack({ id: ID, content: current }, current).id).toBe(ID);
  });

  it('from an older version takes each missing value from the loaded pack', () => {
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

  it('never gets a right that its own law did not give', () => {
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

  it('with an error is reported with its id and its problems', () => {
    const broken = without((content) =>
      Object.assign(partOf<object>(content, 'retention'), { stay: 'long' }),
    );
    expect(() => readStoredPack(broken, current)).toThrow(/xs-2025\.1-0badcafe.*retention\.stay/);
  });

  it('keeps its needs when the country has renamed or removed them since', () => {
    const needs = partOf<object[]>(current, 'needs');
    const renamed = { ...current, needs: [{ ...needs[0], code: 'shelter' }] };
    expect(readStoredPack({ id: ID, content: current }, renamed).needs).toEqual(needs);
  });

  it('gets the service class of a need that it takes from the loaded pack, when the country has renamed the need since', () => {
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

  it('from a version without appointments and assignments gets their deadlines, limits and codes from the loaded pack, and not their needs', () => {
    const [bed] = partOf<object[]>(current, 'needs');
    const older = without((content) => {
      Object.assign(content, { needs: [bed] });
      for (const urgency of Object.values(partOf<object>(content, 'urgencies')))
        for (const field of ['agreeAppointment', 'assignWorker'])
          Reflect.deleteProperty(urgency as object, field);
      for (const field of ['appointmentGrace', 'maxAppointmentLead'])
        Reflect.deleteProperty(partOf(content, 'deadlines'), field);
      Reflect.deleteProperty(partOf(content, 'limits'), 'missedAppointments');
      for (const list of ['missedAppointmentCodes', 'endOfServiceCodes'])
        Reflect.deleteProperty(content, list);
    });
    const kept = readStoredPack(older, current);
    const today = readStoredPack({ id: ID, content: current }, current);
    expect(kept).toEqual({ ...today, needs: [bed], consent: kept.consent });
    expect(kept.consent.actingServices['health-care']).toBeUndefined();
  });

  it('gets the purposes of a need that it takes from the loaded pack', () => {
    const older = without((content) => {
      const needs = partOf<{ code: string }[]>(content, 'needs').map((need) =>
        need.code === 'material-help' ? { ...need, providedBy: 'material-help' } : need,
      );
      const purposes = partOf<{ code: string }[]>(content, 'purposes').filter(
        ({ code }) => code !== 'material-help',
      );
      Object.assign(content, { needs, purposes });
    });
    const kept = readStoredPack(older, current);
    expect(kept.needs).toEqual(current.needs);
    expect(kept.purposes.map(({ code }) => code)).toContain('material-help');
    expect(kept.purposes).toHaveLength(partOf<object[]>(current, 'purposes').length);
  });

  it('from a version without desks gets the desks of the loaded pack, also of a role that it does not name', () => {
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

  it('omits a need that no installed service provides, and takes the needs of the loaded pack when no need remains', () => {
    const [need] = partOf<object[]>(current, 'needs');
    const needs = [{ ...need, code: 'legal-aid', providedBy: 'legal-aid' }];
    const both = without((content) =>
      Object.assign(content, { needs: needs.concat(partOf<[]>(content, 'needs')) }),
    );
    expect(readStoredPack(both, current).needs).toEqual(current.needs);
    expect(
      readStoredPack(
        without((content) => Object.assign(content, { needs })),
        current,
      ).needs,
    ).toEqual(current.needs);
  });

  it('from a version without providers of needs and without a formal process is completed from the loaded pack', () => {
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

  it('is read without places of last resort for an unknown group or region, and with the first of two for the same', () => {
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

  it('is the same pack whether it is read from its files or from its copy', () => {
    const copy = JSON.parse(JSON.stringify(current)) as typeof current;
    expect(readCountryPack(copy)).toEqual(readCountryPack(current));
  });
});

it('calendarDaysLeft counts the days for which holidays are listed, so that an operator is warned a year before', async () => {
  const pack = await loadCountryPack('infra/countries/sample');
  expect(calendarDaysLeft(pack, instant(Date.UTC(2028, 11, 22)))).toBe(10);
  expect(calendarDaysLeft(pack, instant(Date.UTC(2030, 0, 1)))).toBe(0);
});
