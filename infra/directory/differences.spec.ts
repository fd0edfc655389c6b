import type {
  RegisterServiceRequest,
  ServiceEntry,
} from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import type { GetSiteResponse, Room } from '@opennrm/contracts/opennrm/shelter_capacity/v1/site.ts';
import { describe, expect, it } from 'vitest';
import { differencesOfCount, differencesOfEntry, differencesOfSite } from './differences.ts';

const file: RegisterServiceRequest = {
  serviceId: 's',
  organisationId: 'o',
  need: 'safe-accommodation',
  region: 'harbour',
  criteria: {
    groups: ['women', 'men'],
    smallestParty: 1,
    largestParty: 3,
    accessibility: [],
    languages: ['en'],
    care: [],
    risksNotAccepted: [],
    specialisms: [],
    childLicence: false,
    fundingRequired: false,
  },
  acceptance: 'by-offer',
  openHours: [
    { weekday: 2, opens: '08:00', closes: '12:00' },
    { weekday: 1, opens: '08:00', closes: '12:00' },
  ],
  nightCover: false,
  promisedAnswerMinutes: 240,
  openOnHolidays: false,
};

const entry: ServiceEntry = {
  ...file,
  accreditation: 'accredited',
  freeBand: 'unknown',
  registeredAt: undefined,
  accreditationChangedAt: undefined,
};

/** Another value for each field of an entry. */
const other: Omit<RegisterServiceRequest, 'serviceId' | 'organisationId' | 'criteria'> = {
  need: 'legal-aid',
  region: 'lakes',
  acceptance: 'duty',
  openHours: [],
  nightCover: true,
  promisedAnswerMinutes: 60,
  openOnHolidays: true,
};
const otherCriteria: NonNullable<RegisterServiceRequest['criteria']> = {
  groups: ['women'],
  smallestParty: 2,
  largestParty: 4,
  accessibility: ['step-free'],
  languages: [],
  care: ['medical'],
  risksNotAccepted: ['arson'],
  specialisms: ['labour'],
  childLicence: true,
  fundingRequired: true,
};

describe('an entry', () => {
  it('does not differ from the same entry with its codes and hours in another order', () => {
    const criteria = {
      ...otherCriteria,
      groups: ['women', 'men', 'women'],
      languages: ['en', 'sq'],
    };
    const current = {
      ...entry,
      criteria: { ...criteria, groups: ['men', 'women'], languages: ['sq', 'en'] },
    };
    expect(differencesOfEntry({ ...file, criteria }, current)).toEqual([]);
    expect(differencesOfEntry(file, { ...entry, openHours: file.openHours.toReversed() })).toEqual(
      [],
    );
  });

  it.each(Object.keys(other))('differs in one field when only its %s differs', (name) => {
    const current = { ...entry, [name]: other[name as keyof typeof other] };
    expect(differencesOfEntry(file, current)).toHaveLength(1);
  });

  it.each(Object.keys(otherCriteria))(
    'differs in one field when only its criteria %s differ',
    (name) => {
      const criteria = {
        ...file.criteria,
        [name]: otherCriteria[name as keyof typeof otherCriteria],
      } as never;
      expect(differencesOfEntry(file, { ...entry, criteria })).toHaveLength(1);
    },
  );

  it('that differs shows both values as codes', () =>
    expect(differencesOfEntry(file, { ...entry, region: 'lakes', openHours: [] })).toEqual([
      { field: 'region', file: 'harbour', current: 'lakes' },
      { field: 'open hours', file: 'Mon 08:00-12:00, Tue 08:00-12:00', current: 'all hours' },
    ]));
});

const room = (unitIds: string[], groups: string[] = []): Room => ({
  roomId: 'r',
  attributes: [],
  groups,
  unitIds,
});
const site = (rooms: Room[], count?: GetSiteResponse['count']): GetSiteResponse => ({
  siteId: 'site',
  serviceId: 's',
  unitKind: 'bed',
  rooms,
  count,
});
const address = {
  addressLine: '7 Nowhere Lane',
  city: 'Sampleton',
  postalCode: 'X0 0XX',
  arrivalInstructions: '',
};

describe('a site', () => {
  it('does not differ when it has the same rooms under other ids', () =>
    expect(
      differencesOfSite({ ...site([room(['a', 'b'])]), address }, site([room(['c', 'd'])])),
    ).toEqual([]));

  it('differs in its rooms, and the difference does not contain its address', () => {
    const differences = differencesOfSite(
      { ...site([room(['a'])]), address },
      site([room(['a'], ['women'])]),
    );
    expect(differences.map(({ field }) => field)).toEqual(['rooms']);
    expect(JSON.stringify(differences)).not.toContain('Lane');
  });

  it('does not differ when the file has no rooms, so that the rooms that staff registered stay', () =>
    expect(differencesOfSite({ ...site([]), address }, site([room(['a'])]))).toEqual([]));
});

describe('a count', () => {
  const declared = { siteId: 'site', units: 4, occupiedByOthers: 1 };
  const declaredAt = new Date('2026-03-02');

  it('differs by units, by occupied units, and where the site has rooms instead', () => {
    const same = { units: 4, occupiedByOthers: 1, declaredAt };
    expect(differencesOfCount(declared, site([], same))).toEqual([]);
    for (const count of [
      { ...same, units: 5 },
      { ...same, occupiedByOthers: 4 },
    ])
      expect(differencesOfCount(declared, site([], count))).toHaveLength(1);
    expect(differencesOfCount(declared, site([room(['a'])]))).toMatchObject([{ field: 'count' }]);
  });
});
