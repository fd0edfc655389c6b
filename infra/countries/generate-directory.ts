/**
 * Writes the sample country's directory as an HSDS 3.1 export: `node infra/countries/generate-directory.ts`. Everything in it is invented; the
 * shares of beds follow `occ.sex` of the calibration. The same seed gives the same file.
 */
import { writeFileSync } from 'node:fs';
import { randomInt, randomLcg } from 'd3-random';
import { v5 as uuidFrom } from 'uuid';
import { inRepository } from '../local/repository.ts';

const NAMESPACE = '6f3f4b1e-9d2a-4a53-8c1e-0d9b5a7c2e11';
const source = randomLcg(0.2026);
const upTo = (most: number): number => randomInt.source(source)(0, most)();
const chance = (share: number): boolean => source() < share;
const pick = <T>(list: readonly T[]): T => list[upTo(list.length)] as T;
const some = <T>(list: readonly T[], share: number): T[] => list.filter(() => chance(share));
const id = (name: string): string => uuidFrom(name, NAMESPACE);

const regions = [
  'capital-north',
  'capital-south',
  'harbour',
  'east-border',
  'west-valley',
  'lakes',
  'highlands',
  'south-coast',
  'river-plain',
  'old-mines',
  'islands',
];
const languages = [
  'de',
  'fr',
  'es',
  'pt',
  'ro',
  'sq',
  'ar',
  'vi',
  'zh',
  'am',
  'ti',
  'pl',
  'uk',
  'fa',
  'ur',
  'bn',
];
const specialisms = ['labour', 'sexual', 'domestic', 'criminal', 'trauma'];

interface Kind {
  readonly name: string;
  readonly count: number;
  readonly groups: readonly string[];
  readonly party: string;
  readonly rooms: () => string[];
  readonly childLicence: number;
  readonly acceptance: (nth: number) => string;
}

const byOffer = (nth: number): string => (nth % 11 === 5 ? 'direct' : 'by-offer');
const roomsOf =
  (from: number, to: number, beds: () => number, extra: () => string[]): (() => string[]) =>
  () =>
    Array.from({ length: from + upTo(to - from + 1) }, () => {
      const attributes = [
        ...extra(),
        ...(chance(0.1) ? ['step-free'] : []),
        ...(chance(0.03) ? ['wheelchair'] : []),
      ];
      return `beds=${beds()};attributes=${[...new Set(attributes)].join(',')};groups=`;
    });

const shared = (): number => 1 + upTo(3);
const kinds: readonly Kind[] = [
  {
    name: 'women',
    count: 34,
    groups: ['women'],
    party: '1-3',
    rooms: roomsOf(3, 6, shared, () => []),
    childLicence: 0.6,
    acceptance: byOffer,
  },
  {
    name: 'men',
    count: 12,
    groups: ['men'],
    party: '1',
    rooms: roomsOf(3, 6, shared, () => []),
    childLicence: 0,
    acceptance: byOffer,
  },
  {
    name: 'family',
    count: 8,
    groups: ['family', 'women'],
    party: '1-6',
    rooms: roomsOf(
      2,
      3,
      () => 3 + upTo(2),
      () => ['family-room'],
    ),
    childLicence: 1,
    acceptance: byOffer,
  },
  {
    name: 'single-rooms',
    count: 6,
    groups: ['own-room', 'women', 'men'],
    party: '1-2',
    rooms: roomsOf(
      5,
      8,
      () => 1,
      () => ['own-room'],
    ),
    childLicence: 0,
    acceptance: byOffer,
  },
  {
    name: 'children',
    count: 5,
    groups: ['child', 'age-disputed'],
    party: '1-2',
    rooms: roomsOf(
      3,
      5,
      () => 1 + upTo(2),
      () => [],
    ),
    childLicence: 1,
    acceptance: byOffer,
  },
  {
    name: 'child-protection-duty',
    count: 2,
    groups: ['child', 'age-disputed'],
    party: '1-4',
    rooms: roomsOf(
      4,
      6,
      () => 2,
      () => ['step-free'],
    ),
    childLicence: 1,
    acceptance: () => 'duty',
  },
];

const attribute = (label: string, value: string) => ({
  id: id(`attribute ${label} ${value} ${source()}`),
  label: `opennrm:${label}`,
  value,
});
const many = (label: string, values: readonly string[]) =>
  values.map((value) => attribute(label, value));

const officeHours = {
  freq: 'WEEKLY',
  byday: 'MO,TU,WE,TH,FR',
  opens_at: '08:00',
  closes_at: '18:00',
};
const weekend = { freq: 'WEEKLY', byday: 'SA,SU', opens_at: '10:00', closes_at: '16:00' };

function shelter(kind: Kind, nth: number) {
  const name = `${kind.name} ${nth + 1}`;
  const night = kind.name === 'child-protection-duty' || chance(0.4);
  const rooms = kind.rooms();
  const beds = rooms.reduce((sum, room) => sum + Number(/beds=(\d+)/.exec(room)?.[1]), 0);
  const declared = kind.name !== 'single-rooms' && kind.name !== 'family' && nth % 6 === 3;
  const accessibility = [
    ...new Set(rooms.flatMap((room) => (/attributes=([^;]*)/.exec(room)?.[1] ?? '').split(','))),
  ].filter((one) => one === 'step-free' || one === 'wheelchair');
  const location = {
    id: id(`location ${name}`),
    location_type: 'physical',
    description: 'Synthetic: ring twice and say the code word.',
    addresses: [
      {
        id: id(`address ${name}`),
        address_1: `Synthetic Lane ${1 + upTo(200)}`,
        city: 'Testville',
        state_province: 'Samplia',
        postal_code: `X${1000 + upTo(9000)}`,
        country: 'XS',
        address_type: 'physical',
      },
    ],
    attributes: declared ? [] : many('room', rooms),
  };
  return {
    id: id(`organization ${name}`),
    name: `Synthetic provider ${name}`,
    description: 'An invented provider.',
    attributes: [
      attribute(
        'kind',
        kind.acceptance(nth) === 'duty'
          ? 'public-authority'
          : pick(['non-governmental', 'faith-based', 'private']),
      ),
    ],
    services: [
      {
        id: id(`service ${name}`),
        name: `Synthetic shelter ${name}`,
        status: 'active',
        last_modified: '2026-01-05T00:00:00Z',
        languages: ['en', ...some(languages, 0.25)].map((code) => ({
          id: id(`language ${name} ${code}`),
          code,
        })),
        schedules: night
          ? []
          : [officeHours, ...(chance(0.5) ? [weekend] : [])].map((one, day) => ({
              id: id(`schedule ${name} ${day}`),
              ...one,
            })),
        service_capacity: declared
          ? [
              {
                id: id(`capacity ${name}`),
                unit: { id: id('unit bed'), name: 'bed' },
                available: Math.ceil(beds * 0.7),
                maximum: beds,
                updated: '2026-01-05T00:00:00Z',
              },
            ]
          : [],
        service_at_locations: [{ id: id(`at ${name}`), location }],
        attributes: [
          attribute('need', 'safe-accommodation'),
          attribute('region', regions[nth % regions.length] ?? 'harbour'),
          attribute('party', kind.party),
          ...many('group', kind.groups),
          ...many('accessibility', declared ? [] : accessibility),
          ...many(
            'care',
            some(['infant-care', 'pregnancy', 'medication', 'mental-health', 'substance-use'], 0.5),
          ),
          ...many('risk-not-accepted', some(['violence', 'self-harm'], 0.15)),
          ...many('specialism', some(specialisms, 0.35)),
          attribute('child-licence', chance(kind.childLicence) ? 'yes' : 'no'),
          attribute('funding-required', chance(0.1) ? 'yes' : 'no'),
          attribute('acceptance', kind.acceptance(nth)),
          attribute('night-cover', night ? 'yes' : 'no'),
          attribute('answer-within-minutes', String(pick([60, 120, 240, 480]))),
        ],
      },
    ],
  };
}

const others = ['legal-aid', 'medical-care', 'psychosocial-support', 'interpretation'].flatMap(
  (need) =>
    [1, 2].map((nth) => ({
      id: id(`organization ${need} ${nth}`),
      name: `Synthetic provider ${need} ${nth}`,
      description: 'An invented provider.',
      attributes: [attribute('kind', 'non-governmental')],
      services: [
        {
          id: id(`service ${need} ${nth}`),
          name: `Synthetic ${need} ${nth}`,
          status: 'active',
          last_modified: '2026-01-05T00:00:00Z',
          languages: [{ id: id(`language ${need} ${nth}`), code: 'en' }],
          schedules: [{ id: id(`schedule ${need} ${nth}`), ...officeHours }],
          service_capacity: [],
          service_at_locations: [],
          attributes: [
            attribute('need', need),
            attribute('region', pick(regions)),
            attribute('party', '1-6'),
            ...many('group', ['women', 'men', 'family', 'child', 'age-disputed', 'own-room']),
            attribute('child-licence', 'yes'),
          ],
        },
      ],
    })),
);

const organizations = [
  ...kinds.flatMap((kind) => Array.from({ length: kind.count }, (_, nth) => shelter(kind, nth))),
  ...others,
];
writeFileSync(
  inRepository('infra/countries/sample/directory.hsds.json'),
  `${JSON.stringify({ organizations }, null, 1)}\n`,
);
process.stdout.write(`${organizations.length} organisations\n`);
