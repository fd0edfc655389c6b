import { expect, it } from 'vitest';
import { contentOf, readCountryPack } from './load.ts';

const SAMPLE = 'infra/countries/sample';

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
])('a pack is refused whose need has the purposes %s', async (purposes, problem) => {
  const { content } = await contentOf(SAMPLE);
  const needs = (content.needs as object[]).map((need) => ({ ...need, purposes }));
  const read = readCountryPack({ ...content, needs });
  const problems = 'problems' in read ? read.problems : [];
  expect(problems.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([problem]);
});

it('a pack is refused whose need is delivered in an unknown way', async () => {
  const { content } = await contentOf(SAMPLE);
  const needs = (content.needs as object[]).map((need) => ({ ...need, delivery: 'by-post' }));
  const read = readCountryPack({ ...content, needs });
  const problems = 'problems' in read ? read.problems : [];
  expect(problems.map(({ path }) => path.join('.'))).toEqual(['needs.0.delivery']);
});

it('a pack is refused with each need that no installed service provides, and each place of last resort for a need that is not accommodation', async () => {
  const { content } = await contentOf('infra/countries/sample');
  const needs = structuredClone(content.needs) as Record<string, unknown>[];
  needs.push({
    code: 'legal-aid',
    label: 'Legal aid',
    unitKind: 'slot',
    providedBy: 'legal-aid',
    purposes: ['legal-aid'],
    delivery: 'journey',
    placeOfLastResort: true,
  });
  const read = readCountryPack({ ...content, needs });
  const problems =
    'problems' in read
      ? read.problems.map(({ path, message }) => `${path.join('.')}: ${message}`)
      : [];
  expect(problems).toEqual([
    'needs.1.providedBy: must name an installed provider service for legal-aid, or omit the need: shelter-capacity',
    'needs.1.placeOfLastResort: must be false for a need that is not accommodation',
  ]);
});

it('a pack is refused with a need whose provider service does not have its unit kind, and with a place of last resort for it', async () => {
  const { content } = await contentOf('infra/countries/sample');
  const needs = structuredClone(content.needs) as Record<string, unknown>[];
  needs.push({ ...needs[0], code: 'legal-aid', unitKind: 'consultation' });
  const read = readCountryPack({ ...content, needs });
  const problems =
    'problems' in read
      ? read.problems.map(({ path, message }) => `${path.join('.')}: ${message}`)
      : [];
  expect(problems).toEqual([
    'needs.1.unitKind: must be a unit kind of shelter-capacity, or omit legal-aid: bed',
    'needs.1.placeOfLastResort: must be false for a need that is not accommodation',
  ]);
});
