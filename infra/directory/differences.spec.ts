import type {
  RegisterServiceRequest,
  ServiceEntry,
} from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import type {
  GetSiteResponse,
  Room,
} from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
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

/** The same facts with another value in one field after the other. */
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
  it('does not differ from itself, in whatever order its codes and hours stand', () => {
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

  it.each(Object.keys(other))('differs in its %s alone', (name) => {
    const current = { ...entry, [name]: other[name as keyof typeof other] };
    expect(differencesOfEntry(file, current)).toHaveLength(1);
  });

  it.each(Object.keys(otherCriteria))('differs in its %s alone', (name) => {
    const criteria = {
      ...file.criteria,
      [name]: otherCriteria[name as keyof typeof otherCriteria],
    } as never;
    expect(differencesOfEntry(file, { ...entry, criteria })).toHaveLength(1);
  });

  it('shows both values as codes', () =>
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
  it('with the same rooms under other ids does not differ', () =>
    expect(
      differencesOfSite({ ...site([room(['a', 'b'])]), address }, site([room(['c', 'd'])])),
    ).toEqual([]));

  it('differs in its rooms, and the difference does not show its address', () => {
    const differences = differencesOfSite(
      { ...site([room(['a'])]), address },
      site([room(['a'], ['women'])]),
    );
    expect(differences.map(({ field }) => field)).toEqual(['rooms']);
    expect(JSON.stringify(differences)).not.toContain('Lane');
  });

  it('without rooms in the file keeps those that its staff registered', () =>
    expect(differencesOfSite({ ...site([]), address }, site([room(['a'])]))).toEqual([]));
});

describe('a count', () => {
  const declared = { siteId: 'site', units: 4, occupiedByOthers: 1 };
  const declaredAt = new Date('2026-03-02');

  it('of free units differs by units, by occupied units, and where the site has rooms instead', () => {
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
