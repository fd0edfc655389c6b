import { hours, after as later } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hour, opened, owner } from './case.fixture.ts';
import { grantPermission, recordBasis, withdrawPermission } from './permission.ts';
import { live, type Question, type Step, sayTheRecords, standing } from './reading.fixture.ts';
import { mayRead } from './reading.ts';
import { writeSection } from './writing.ts';

const ORGANISATIONS = [owner, 'shelter', 'clinic'];
const SECTIONS = ['health', 'identity'];
const PURPOSES = ['accommodation', 'health-care'];
const QUESTIONS: Question[] = ORGANISATIONS.flatMap((organisation) =>
  SECTIONS.flatMap((section) => PURPOSES.map((purpose) => ({ organisation, section, purpose }))),
);

const organisation = fc.constantFrom(...ORGANISATIONS);
const purpose = fc.constantFrom(...PURPOSES);
const sections = fc.subarray(SECTIONS, { minLength: 1 });
const span = fc.record({ validFrom: fc.integer({ min: -3, max: 20 }), lasts: fc.integer({ min: 1, max: 15 }) });
const when = ({ validFrom, lasts }: { validFrom: number; lasts: number }) => ({
  ...{ validFrom: hour(validFrom), validUntil: hour(validFrom + lasts) },
});
const some = (list: readonly string[], maxLength = 1) => fc.subarray([...list], { maxLength });
const permissionIds = fc.constantFrom('p1', 'p2', 'p3', 'p4');
const holds = fc.constantFrom('h1', 'h2', 'h3');
const classes = ['safe-accommodation', 'medical-care'];
const regions = ['north', 'south'];

const receivers = fc.record({
  ...{ excludedRegions: some(regions), excludedOrganisationIds: some(ORGANISATIONS) },
  ...{ organisationIds: some(ORGANISATIONS), serviceClasses: some(classes, 2) },
});
const grant = fc
  .record({ permissionId: permissionIds, purpose, sections, receivers, span })
  .map(({ span: of, ...rest }): Step['does'] => ({
    decide: (file, now) =>
      grantPermission(file, { ...rest, ...when(of), form: 'spoken', language: 'en', interpreter: false }, now),
  }));
const withdraw = permissionIds.map((permissionId): Step['does'] => ({
  decide: (file, now) => withdrawPermission(file, permissionId, now),
}));
const base = fc
  .record({
    basisId: fc.constantFrom('b1', 'b2'),
    code: fc.constantFrom('vital-interest', 'duty'),
    purpose,
    sections,
    span,
  })
  .map(({ span: of, ...rest }): Step['does'] => ({
    decide: (file, now) => recordBasis(file, { ...rest, ...when(of) }, now),
  }));
const write = fc
  .tuple(fc.constantFrom(...SECTIONS), organisation)
  .map(([section, by]): Step['does'] => ({ decide: (file, now) => writeSection(file, section, by, now) }));
const relation = fc.record({
  ...{ holdId: holds, serviceClass: fc.constantFrom(...classes), region: fc.constantFrom(...regions), purpose },
});
// A hold is one organisation's: `h3` is the clinic's.
const begin = relation.map((one): Step['does'] => ({
  begins: { organisation: one.holdId === 'h3' ? 'clinic' : 'shelter', relation: one },
}));
const end = holds.map((holdId): Step['does'] => ({ ends: holdId }));

const step: fc.Arbitrary<Step> = fc.record({
  after: fc.integer({ min: 0, max: 3 }),
  does: fc.oneof(
    { weight: 4, arbitrary: grant },
    { weight: 3, arbitrary: begin },
    ...[base, withdraw, write, end].map((arbitrary) => ({ weight: 1, arbitrary })),
  ),
});
const history = fc.tuple(fc.array(step, { minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 12 }));

it('what is readable at a moment is what the records say at that moment', () => {
  const answers = new Map<string, number>();
  fc.assert(
    fc.property(history, ([steps, hoursOn]) =>
      live(opened, steps, (file, records, now) => {
        for (const asked of QUESTIONS)
          for (const t of [now, later(now, hours(hoursOn))]) {
            const relations = standing(records, asked.organisation);
            const verdict = mayRead(file, { ...asked, relations }, t);
            const said = sayTheRecords(records, owner, asked, t);
            const expected = said.reasons.length > 0 ? 'may' : said.refusal;
            expect(verdict.may ? 'may' : verdict.refusal).toBe(expected);
            if (verdict.may) expect(said.reasons).toContain(verdict.basis);
            const seen = verdict.may ? verdict.basis : verdict.refusal;
            answers.set(seen, (answers.get(seen) ?? 0) + 1);
          }
      }),
    ),
    { numRuns: 500 },
  );
  // The histories reach every answer: a property that never meets a case says nothing about it.
  expect([...answers.keys()].sort()).toEqual(
    ['duty', 'no-basis', 'not-found', 'own-record', 'permission', 'vital-interest'].sort(),
  );
});

it('does not depend on the order in which relations are found', () =>
  fc.assert(
    fc.property(history, ([steps]) =>
      live(opened, steps, (file, records, now) => {
        for (const asked of QUESTIONS) {
          const relations = standing(records, asked.organisation);
          const turned = mayRead(file, { ...asked, relations: relations.toReversed() }, now);
          expect(turned).toEqual(mayRead(file, { ...asked, relations }, now));
        }
      }),
    ),
    { numRuns: 200 },
  ));
