import { hours, type Instant, after as later } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { breakGlass } from '../break-glass.ts';
import { given, hour, opened, owner, rules } from '../case.fixture.ts';
import { recordBasis, reviewBasis } from '../permission/basis.ts';
import type { Given } from '../permission/given.ts';
import { grantPermission } from '../permission/permission.ts';
import { refusePermission } from '../permission/refusal.ts';
import { withdrawPermission } from '../permission/withdrawal.ts';
import { writeSection } from '../writing.ts';
import { live, type Question, type Step, sayTheRecords, standing } from './reading.fixture.ts';
import { mayRead } from './reading.ts';

const ORGANISATIONS = [owner, 'shelter', 'clinic', 'police'];
const SECTIONS = ['health', 'identity'];
const PURPOSES = ['accommodation', 'identification-decision'];
const QUESTIONS: Question[] = ORGANISATIONS.flatMap((organisation) =>
  SECTIONS.flatMap((section) =>
    PURPOSES.map((purpose) => ({
      ...{ organisation, section, purpose },
      powers: organisation === 'police' ? (['enforcement'] as const) : [],
    })),
  ),
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
/** How many hours late it is written down. */
const late = fc.integer({ min: 0, max: 6 });
const saidBefore = (now: Instant, ago: number): Given => given({ at: later(now, -hours(ago)) });

const receivers = fc.record({
  ...{ excludedRegions: some(regions), excludedOrganisationIds: some(ORGANISATIONS) },
  ...{ organisationIds: some(ORGANISATIONS), serviceClasses: some(classes, 2) },
});
const before = fc.option(permissionIds, { nil: undefined, freq: 3 });
const grant = fc
  .record({ permissionId: permissionIds, purpose, sections, receivers, span, late, after: before, renews: before })
  .map(({ span: of, late: ago, ...rest }): Step['does'] => ({
    decide: (file, now) =>
      grantPermission(
        file,
        { ...rest, ...when(of), given: saidBefore(now, ago) },
        { rules, now, unknownReceivers: [] },
      ),
  }));
const refuse = fc
  .record({
    ...{ refusalId: fc.constantFrom('n1', 'n2', 'n3'), purpose, sections, late },
    ...{ organisationIds: some(ORGANISATIONS), serviceClasses: some(classes) },
  })
  .map(({ late: ago, ...rest }): Step['does'] => ({
    decide: (file, now) => refusePermission(file, { ...rest, given: saidBefore(now, ago) }, rules, now),
  }));
const withdraw = permissionIds.map((permissionId): Step['does'] => ({
  decide: (file, now) => withdrawPermission(file, { permissionId, channel: 'written' }, rules, now),
}));
const basisIds = fc.constantFrom('b1', 'b2', 'b3');
const base = fc
  .record({
    ...{ basisId: basisIds, code: fc.constantFrom('vital-interest', 'public-task'), purpose, sections, span },
    controller: fc.constantFrom(owner, owner, 'clinic', 'police'),
  })
  .map(({ span: of, ...rest }): Step['does'] => ({
    decide: (file, now) => recordBasis(file, { ...rest, ...when(of), recordedBy: 'caseworker' }, rules, now),
  }));
const review = basisIds.map((basisId): Step['does'] => ({
  decide: (file, now) => reviewBasis(file, { basisId, by: 'another', stays: false }, rules, now),
}));
const write = fc.tuple(fc.constantFrom(...SECTIONS), organisation).map(([section, writtenBy]): Step['does'] => ({
  decide: (file, now) => writeSection(file, { section, writtenBy, corrects: undefined }, now),
}));
const glass = fc
  .record({ openingId: fc.constantFrom('o1', 'o2', 'o3'), organisation, sections })
  .map((ask): Step['does'] => ({
    decide: (file, now) =>
      breakGlass(file, { ...ask, by: 'somebody', reason: 'life-at-risk', lifeAtRisk: true }, rules, now),
  }));
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
    { weight: 2, arbitrary: refuse },
    ...[base, review, withdraw, write, glass, end].map((arbitrary) => ({ weight: 1, arbitrary })),
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
            const verdict = mayRead(file, { ...asked, relations }, rules.walls, t);
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
    ['break-glass', 'no-basis', 'not-found', 'own-record', 'permission', 'public-task', 'vital-interest'].sort(),
  );
});

it('does not depend on the order in which relations are found', () =>
  fc.assert(
    fc.property(history, ([steps]) =>
      live(opened, steps, (file, records, now) => {
        for (const asked of QUESTIONS) {
          const relations = standing(records, asked.organisation);
          const turned = mayRead(file, { ...asked, relations: relations.toReversed() }, rules.walls, now);
          expect(turned).toEqual(mayRead(file, { ...asked, relations }, rules.walls, now));
        }
      }),
    ),
    { numRuns: 200 },
  ));

it('a yes said before a no, and written down after it, opens nothing that the no closed', () => {
  let met = 0;
  fc.assert(
    fc.property(history, grant, ([steps], yes) =>
      live(opened, steps, (file, records, now) => {
        const noes = records.flatMap((entry) =>
          entry.kind === 'event' && entry.event.type === 'PermissionRefused' ? [entry.event.refusal] : [],
        );
        const decision = 'decide' in yes ? yes.decide(file, now) : undefined;
        for (const event of decision?.kind === 'accepted' ? decision.events : []) {
          if (event.type !== 'PermissionGranted') continue;
          const { purpose: what, sections: of, given: said } = event.permission;
          const after = noes.filter((no) => no.purpose === what && no.sections.some((one) => of.includes(one)));
          met += after.length;
          expect(after.every((no) => no.given.at <= said.at)).toBe(true);
        }
      }),
    ),
    { numRuns: 200 },
  );
  expect(met).toBeGreaterThan(0);
});
