import { describe, expect, it } from 'vitest';
import { contentOf, readCountryPack } from './load.ts';

const { content } = await contentOf('infra/countries/sample');
const needs = content.needs as readonly { readonly code: string }[];

const sample = (code: string): object => needs.find((one) => one.code === code) ?? {};
const [bed, appointment, assignment] = [
  sample('safe-accommodation'),
  sample('medical-care'),
  sample('psychosocial-support'),
];

/** The problems of the sample pack with these needs. */
function problemsWith(wanted: readonly object[]): string[] {
  const read = readCountryPack({ ...content, needs: wanted });
  const problems = 'problems' in read ? read.problems : [];
  return problems.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

it.each([
  [[], 'needs.0.purposes: Too small: expected array to have >=1 items'],
  [['accommodation', 'accommodation'], 'needs.0.purposes: names a code twice'],
  [
    ['storage'],
    'needs.0.purposes.0: must be a purpose of the pack, and not identification-decision',
  ],
  [
    ['identification-decision'],
    'needs.0.purposes.0: must be a purpose of the pack, and not identification-decision',
  ],
])('a pack is refused whose need has the purposes %s', (purposes, problem) =>
  expect(problemsWith([{ ...bed, purposes }])).toEqual([problem]),
);

describe('the delivery of a need', () => {
  it('is refused when it is unknown, with all that are known', () =>
    expect(problemsWith([bed, { ...appointment, delivery: 'by-post' }])).toEqual([
      'needs.1.delivery: Invalid option: expected one of "journey"|"appointment"|"assignment"',
    ]));

  it.each([
    [
      'a journey to an appointment',
      { ...appointment, delivery: 'journey' },
      'directory has for the unit kind appointment: appointment',
    ],
    [
      'an appointment for a caseload slot',
      { ...assignment, delivery: 'appointment' },
      'directory has for the unit kind caseload-slot: assignment',
    ],
    [
      'a worker for a bed',
      { ...bed, delivery: 'assignment' },
      'shelter-capacity has for the unit kind bed: journey',
    ],
    [
      'a worker for a declared place',
      { ...appointment, unitKind: 'place', delivery: 'assignment' },
      'directory has for the unit kind place: appointment',
    ],
  ])('is refused when its provider does not have it: %s', (_case, need, rule) =>
    expect(problemsWith([need])).toEqual([`needs.0.delivery: must be a delivery that ${rule}`]),
  );

  it('is accepted when its provider has it for the unit kind', () =>
    expect(
      problemsWith([
        bed,
        appointment,
        assignment,
        { ...appointment, code: 'documents', unitKind: 'place' },
      ]),
    ).toEqual([]));
});

it('a pack is refused with each need that no installed service provides, and each place of last resort for a need that is not accommodation', () => {
  const legalAid = {
    code: 'legal-aid',
    label: 'Legal aid',
    unitKind: 'slot',
    providedBy: 'legal-aid',
    purposes: ['legal-aid'],
    delivery: 'journey',
    placeOfLastResort: true,
  };
  const last = needs.length;
  expect(problemsWith([...needs, legalAid])).toEqual([
    `needs.${last}.providedBy: must name an installed provider service for legal-aid, or omit the need: shelter-capacity, directory`,
    `needs.${last}.placeOfLastResort: must be false for a need that is not accommodation`,
  ]);
});

it('a pack is refused with a need whose provider service does not have its unit kind, and with a place of last resort for it', () => {
  const legalAid = { ...bed, code: 'legal-aid', unitKind: 'consultation' };
  const last = needs.length;
  expect(problemsWith([...needs, legalAid])).toEqual([
    `needs.${last}.unitKind: must be a unit kind of shelter-capacity, or omit legal-aid: bed`,
    `needs.${last}.placeOfLastResort: must be false for a need that is not accommodation`,
  ]);
});

it('a pack is refused with a place of last resort for a need that the directory provides', () =>
  expect(problemsWith([{ ...appointment, placeOfLastResort: true }])).toEqual([
    'needs.0.placeOfLastResort: must be false for a need that is not accommodation',
  ]));

it.each([
  ['shelter-capacity', 'must be a unit kind of shelter-capacity, or omit medical-care: bed'],
  [
    'directory',
    'must be a unit kind of directory, or omit medical-care: place, appointment, caseload-slot',
  ],
])(
  'a unit kind by the name of a property that every object has is unknown to %s',
  (providedBy, message) =>
    expect(problemsWith([{ ...appointment, providedBy, unitKind: 'constructor' }])).toEqual([
      `needs.0.unitKind: ${message}`,
    ]),
);

it('referral acts on the purposes of every need, also where the directory provides it, and acknowledges each withdrawal', () => {
  const pack = readCountryPack(content);
  const acting = 'consent' in pack ? pack.consent.actingServices : {};
  expect(acting).toEqual({
    accommodation: 'referral',
    'immediate-protection': 'referral',
    'health-care': 'referral',
    'material-help': 'referral',
    'identification-decision': 'identification-intake',
  });
});
