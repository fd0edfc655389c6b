import { hours, type Instant, ignore, after as later } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { breakGlass } from '../break-glass.ts';
import { caseOpened, given, hour, owner, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { endBasis, recordBasis, reviewBasis } from '../permission/basis.ts';
import type { ConsentDetails } from '../permission/consent-records.ts';
import { recordDenial } from '../permission/denial.ts';
import { grantPermission } from '../permission/permission.ts';
import { withdrawPermission } from '../permission/withdrawal.ts';
import { comeOfAge, recordAge } from '../person/age.ts';
import { recordCapacity } from '../person/capacity.ts';
import { appointGuardian, suspectGuardian } from '../person/guardian.ts';
import { writeSection } from '../writing.ts';
import type { Question, Step } from './reading.fixture.ts';

const ORGANISATIONS = [owner, 'shelter', 'clinic', 'police'];
const SECTIONS = ['health', 'identity'];
const PURPOSES = ['accommodation', 'identification-decision'];
/** The readings that are tried at each moment: every organisation, section and purpose. */
export const QUESTIONS: Question[] = ORGANISATIONS.flatMap((organisation) =>
  SECTIONS.flatMap((section) =>
    PURPOSES.map((purpose) => ({
      organisation,
      section,
      purpose,
      powers: organisation === 'police' ? (['enforcement'] as const) : [],
    })),
  ),
);

let minted = 0;
const organisation = fc.constantFrom(...ORGANISATIONS);
/** Mostly accommodation. */
const purpose = fc.constantFrom('accommodation', 'accommodation', 'accommodation', ...PURPOSES);
const sections = fc.subarray(SECTIONS, { minLength: 1 });
const span = fc.record({
  validFrom: fc.integer({ min: -3, max: 20 }),
  lasts: fc.integer({ min: 1, max: 15 }),
});
const when = ({ validFrom, lasts }: { validFrom: number; lasts: number }) => ({
  validFrom: hour(validFrom),
  validUntil: hour(validFrom + lasts),
});
const some = (list: readonly string[], maxLength = 1) => fc.subarray([...list], { maxLength });
const permissionIds = fc.constantFrom('p1', 'p2', 'p3', 'p4');
const holds = fc.constantFrom('h1', 'h2', 'h3');
const classes = ['safe-accommodation', 'medical-care'];
const regions = ['north', 'south'];
/** How many hours after the statement it is recorded. */
const late = fc.integer({ min: 0, max: 6 });
const statedBefore = (now: Instant, ago: number, guardianId?: string): ConsentDetails =>
  given({
    at: later(now, -hours(ago)),
    guardianId,
    childView: guardianId === undefined ? undefined : 'agrees',
  });
/** The guardian, or undefined for the person. */
const speaker = fc.constantFrom('g1', undefined);

const receivers = fc.record({
  excludedRegions: some(regions),
  excludedOrganisationIds: some(ORGANISATIONS),
  organisationIds: some(ORGANISATIONS),
  serviceClasses: fc.constantFrom(classes, ['safe-accommodation'], []),
});
const before = fc.option(permissionIds, { nil: undefined, freq: 1 });
/** A permission with any content. */
export const grant = fc
  .record({
    permissionId: permissionIds,
    purpose,
    sections,
    receivers,
    span,
    late,
    after: before,
    renews: before,
    speaker,
  })
  .map(({ span: of, late: ago, speaker: who, ...rest }): Step['action'] => ({
    decide: (file, now) =>
      grantPermission(
        file,
        { ...rest, ...when(of), given: statedBefore(now, ago, who) },
        { rules, now, unknownReceivers: [] },
      ),
  }));
const refuse = fc
  .record({
    denialId: fc.constantFrom('n1', 'n2', 'n3'),
    purpose,
    sections,
    late,
    speaker,
    organisationIds: some(ORGANISATIONS),
    serviceClasses: some(classes),
  })
  .map(({ late: ago, speaker: who, ...rest }): Step['action'] => ({
    decide: (file, now) =>
      recordDenial(file, { ...rest, given: statedBefore(now, ago, who) }, rules, now),
  }));
const withdraw = permissionIds.map((permissionId): Step['action'] => ({
  decide: (file, now) => withdrawPermission(file, { permissionId, channel: 'written' }, rules, now),
}));
/** A renewal of an existing permission with the same content and another time. */
const renewal = fc
  .record({ nth: fc.integer({ min: 0, max: 3 }), late, span })
  .map(({ nth, late: ago, span: of }) => ({
    decide: (file: CaseFile, now: Instant) => {
      const before = file.permissions[nth % Math.max(1, file.permissions.length)];
      if (!before) return ignore('nothing-to-renew');
      const { purpose: what, sections: which, receivers: receiversBefore, given: how } = before;
      const renewed = {
        permissionId: `made-${minted++}`,
        purpose: what,
        sections: which,
        receivers: receiversBefore,
        ...when(of),
      };
      const stated = statedBefore(now, ago, how.guardianId);
      const permission = {
        ...renewed,
        given: stated,
        after: undefined,
        renews: before.permissionId,
      };
      return grantPermission(file, permission, { rules, now, unknownReceivers: [] });
    },
  }));
const withdrawNewest = fc.constant<Step['action']>({
  decide: (file, now) => {
    const permissionId = file.permissions.at(-1)?.permissionId ?? '';
    return withdrawPermission(file, { permissionId, channel: 'written' }, rules, now);
  },
});
const basisIds = fc.constantFrom('b1', 'b2', 'b3');
const base = fc
  .record({
    basisId: basisIds,
    purpose,
    sections,
    span,
    code: fc.constantFrom('vital-interest', 'vital-interest', 'child-protection', 'public-task'),
    controller: fc.constantFrom(owner, owner, 'clinic', 'police'),
  })
  .map(({ span: of, ...rest }): Step['action'] => ({
    decide: (file, now) =>
      recordBasis(
        file,
        { ...rest, ...when(of), recordedBy: 'caseworker', cannotAskReason: 'acute-crisis' },
        rules,
        now,
      ),
  }));
const review = basisIds.map((basisId): Step['action'] => ({
  decide: (file, now) => reviewBasis(file, { basisId, by: 'another', isUpheld: false }, rules, now),
}));
const endIt = basisIds.map((basisId): Step['action'] => ({
  decide: (file, now) => endBasis(file, basisId, now),
}));
const asking = (now: Instant) => ({ rules, now, mint: () => `made-${minted++}` });
const age = fc
  .constantFrom('child' as const, 'child' as const, 'adult' as const, 'disputed' as const)
  .map((one): Step['action'] => ({ decide: (file, now) => recordAge(file, one, asking(now)) }));
const grow = fc.constant<Step['action']>({ decide: (file, now) => comeOfAge(file, asking(now)) });
const appoint = fc.constantFrom('g1', 'g1', 'g2').map((guardianId): Step['action'] => ({
  decide: (file, now) =>
    appointGuardian(
      file,
      { guardianId, from: later(now, -hours(6)), until: undefined },
      rules,
      now,
    ),
}));
const suspect = fc.constantFrom('g1', 'g1', 'g2').map((guardianId): Step['action'] => ({
  decide: (file, now) => suspectGuardian(file, guardianId, asking(now)),
}));
const decides = fc.boolean().map((able): Step['action'] => ({
  decide: (file, now) =>
    recordCapacity(
      file,
      able
        ? { decision: 'permission-to-share', able, reason: undefined, reassessAt: undefined }
        : {
            decision: 'permission-to-share',
            able,
            reason: 'acute-crisis',
            reassessAt: later(now, hours(5)),
          },
      rules,
      now,
    ),
}));
const write = fc
  .tuple(fc.constantFrom(...SECTIONS), organisation)
  .map(([section, writtenBy]): Step['action'] => ({
    decide: (file, now) => writeSection(file, { section, writtenBy, corrects: undefined }, now),
  }));
const opening = fc
  .record({ openingId: fc.constantFrom('o1', 'o2', 'o3'), organisation, sections })
  .map((ask): Step['action'] => ({
    decide: (file, now) =>
      breakGlass(
        file,
        { ...ask, by: 'somebody', reason: 'life-at-risk', lifeAtRisk: true },
        rules,
        now,
      ),
  }));
const relation = fc.record({
  holdId: holds,
  serviceClass: fc.constantFrom(...classes),
  region: fc.constantFrom(...regions),
  purpose,
});
// A hold belongs to one organisation: `h3` to the clinic, the others to the shelter.
const begin = relation.map((one): Step['action'] => ({
  begins: { organisation: one.holdId === 'h3' ? 'clinic' : 'shelter', relation: one },
}));
const end = holds.map((holdId): Step['action'] => ({ ends: holdId }));

/** Some histories begin with a child who has a guardian, and with relations of two providers. */
const action = (one: Step['action']): Step => ({ after: 0, action: one });
const prelude = fc.constantFrom<Step[]>(
  [],
  [action({ decide: (file, now) => recordAge(file, 'child', asking(now)) })].concat(
    action({
      decide: (file, now) =>
        appointGuardian(
          file,
          { guardianId: 'g1', from: later(now, -hours(24)), until: undefined },
          rules,
          now,
        ),
    }),
  ),
);
const cares = (organisation: string, holdId: string, region: string): Step =>
  action({
    begins: {
      organisation,
      relation: { holdId, serviceClass: 'safe-accommodation', region, purpose: 'accommodation' },
    },
  });
const cared = fc.constantFrom<Step[]>(
  [],
  [cares('shelter', 'h1', 'north'), cares('clinic', 'h3', 'south')],
);

const step: fc.Arbitrary<Step> = fc.record({
  after: fc.integer({ min: 0, max: 3 }),
  action: fc.oneof(
    { weight: 4, arbitrary: grant },
    { weight: 3, arbitrary: begin },
    { weight: 2, arbitrary: refuse },
    { weight: 2, arbitrary: base },
    { weight: 2, arbitrary: renewal },
    { weight: 1, arbitrary: withdrawNewest },
    ...[review, endIt, withdraw, write, opening, end].map((arbitrary) => ({
      weight: 1,
      arbitrary,
    })),
    ...[age, grow, appoint, suspect, decides].map((arbitrary) => ({ weight: 1, arbitrary })),
  ),
});
/** The case has a reference of `referral`, so that interim bases are recorded. */
export const begun: CaseFileEvent[] = [
  caseOpened,
  { type: 'ReferenceRegistered', service: 'referral', reference: 'r1' },
];
/** A history of one file, and how many hours later each reading is tried again. */
export const history = fc
  .tuple(
    prelude,
    cared,
    fc.array(step, { minLength: 1, maxLength: 24 }),
    fc.integer({ min: 0, max: 12 }),
  )
  .map(
    ([first, relations, steps, hoursOn]) => [[...first, ...relations, ...steps], hoursOn] as const,
  );
