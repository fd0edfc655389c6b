import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import {
  basis,
  caseOpened,
  given as consentGiven,
  denial,
  hour,
  noon,
  owner,
  permission,
  rules,
} from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewPermission } from '../permission/consent-records.ts';
import { comeOfAge, recordAge, warnOfComingOfAge } from './age.ts';
import type { Age } from './person.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const age = (one: Exclude<Age, 'not-stated'>): CaseFileEvent => ({ type: 'AgeRecorded', age: one });
const known: CaseFileEvent = { type: 'ReferenceRegistered', service: 'referral', reference: 'r1' };
const granted = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission(more),
});
const byGuardian = (more: Partial<NewPermission> = {}): CaseFileEvent =>
  granted({ given: consentGiven({ guardianId: 'g1', childView: 'agrees' }), ...more });
const asks = (now = hour(1)) => ({ rules, now, mint: () => 'bridge' });
const records =
  (one: Exclude<Age, 'not-stated'>, now = hour(1)) =>
  (file: CaseFile) =>
    recordAge(file, one, asks(now));
const grows = (file: CaseFile) => comeOfAge(file, asks());
const interimBasis = {
  basisId: 'bridge',
  code: 'duty-of-care',
  purpose: 'accommodation',
  sections: ['health'],
  validFrom: hour(1),
  validUntil: hour(1 + 14 * 24),
  controller: owner,
  isSubstitute: true,
};

const interimBasisEnds: CaseFileEvent = {
  type: 'DeadlineSet',
  deadline: { code: 'basis-ends', about: 'bridge', due: hour(1 + 14 * 24) },
};

const otherAlert = { code: 'call-back', role: 'coordinator', at: noon, acknowledgedBy: undefined };

describe('an age', () => {
  it('is recorded as it stands, and again when it changes', () => {
    given(caseOpened).when(records('unsure')).then(age('unsure'), 'DecisionMakerChanged');
    given(caseOpened, age('unsure')).when(records('disputed')).then(age('disputed'));
    given(caseOpened, age('unsure')).when(records('unsure')).ignored('already-recorded');
  });

  it('settles a doubt or a dispute where it says child or adult, and nothing else', () => {
    for (const doubt of ['unsure', 'disputed'] as const)
      expect(given(caseOpened, age(doubt)).when(records('child')).events()).toContainEqual({
        type: 'AgeRecorded',
        age: 'child',
        settlesDispute: true,
      });
    for (const [was, is] of [
      ['unsure', 'disputed'],
      ['adult', 'child'],
      ['child', 'adult'],
      ['adult', 'unsure'],
    ] as const)
      expect(given(caseOpened, age(was)).when(records(is)).events()).toContainEqual(age(is));
  });

  it("that turns out to be a child's ends the permissions of the adult; an interim basis keeps the search", () =>
    given(caseOpened, known, granted())
      .when(records('child'))
      .then(
        age('child'),
        'DecisionMakerChanged',
        { type: 'BasisRecorded', basis: expect.objectContaining(interimBasis) },
        interimBasisEnds,
        {
          type: 'DeadlineSet',
          deadline: { code: 'ask-consent-again', about: 'accommodation', due: hour(1 + 14 * 24) },
        },
        { type: 'PermissionWithdrawn', permissionId: 'p1', cause: 'age-determined' },
        'WithdrawalBegun',
        'DeadlineSet',
      ));

  it('that is disputed stays a child’s: nothing ends', () =>
    given(caseOpened, age('child'), known, byGuardian())
      .when(records('disputed'))
      .then(age('disputed')));

  it('determined as an adult’s ends what a guardian permitted', () => {
    const file = given(caseOpened, age('disputed'), known, byGuardian())
      .when(records('adult'))
      .state();
    expect(file.permissions[0]?.cause).toBe('age-determined');
    expect(file.bases[0]).toMatchObject(interimBasis);
  });
});

describe('on the eighteenth birthday', () => {
  it("a guardian's permissions end, consent is asked again, and an interim basis keeps the search", () =>
    given(caseOpened, age('child'), known, byGuardian())
      .when(grows)
      .then(
        'CameOfAge',
        'DecisionMakerChanged',
        { type: 'BasisRecorded', basis: expect.objectContaining(interimBasis) },
        interimBasisEnds,
        {
          type: 'DeadlineSet',
          deadline: { code: 'ask-consent-again', about: 'accommodation', due: hour(1 + 14 * 24) },
        },
        { type: 'PermissionWithdrawn', permissionId: 'p1', cause: 'came-of-age' },
        'WithdrawalBegun',
        'DeadlineSet',
        {
          type: 'AlertRaised',
          alert: expect.objectContaining({ code: 'came-of-age', role: 'caseworker' }),
        },
      ));

  it('the basis is there before the permission ends: nobody who reads in between finds nothing', () => {
    const events = given(caseOpened, age('child'), known, byGuardian()).when(grows).events();
    const types = events.map(({ type }) => type);
    expect(types.indexOf('BasisRecorded')).toBeLessThan(types.indexOf('PermissionWithdrawn'));
  });

  it('what no service acts on is awaited, and nothing stands in for it', () => {
    const file = given(caseOpened, age('child'), known, byGuardian({ purpose: 'health-care' }))
      .when(grows)
      .state();
    expect(file.bases).toEqual([]);
    expect(file.deadlines.map(({ code }) => code)).toEqual(['ask-consent-again']);
  });

  it('what has run out or was taken back before is not ended a second time', () => {
    const over = byGuardian({ validFrom: hour(-3), validUntil: hour(-1) });
    const withdrawn: CaseFileEvent = {
      type: 'PermissionWithdrawn',
      permissionId: 'p1',
      at: noon,
      cause: 'withdrawn',
    };
    for (const events of [[over], [byGuardian({ validUntil: hour(1) })], [byGuardian(), withdrawn]])
      given(caseOpened, age('child'), ...events)
        .when(grows)
        .then('CameOfAge', 'DecisionMakerChanged', 'AlertRaised');
  });

  it('the person is an adult, and what they permitted themselves goes on', () => {
    const grown = given(caseOpened, age('child'), known, granted()).when(grows);
    grown.then('CameOfAge', 'DecisionMakerChanged', 'AlertRaised');
    expect(grown.state().person.age).toBe('adult');
  });

  it('what stands in for another reason than childhood goes on', () => {
    const recorded = (code: string, isSubstitute: boolean): CaseFileEvent => ({
      type: 'BasisRecorded',
      basis: { ...basis({ basisId: code, code }), isSubstitute, endedAt: undefined },
    });
    given(
      caseOpened,
      age('child'),
      known,
      recorded('vital-interest', true),
      recorded('public-task', false),
    )
      .when(grows)
      .then('CameOfAge', 'DecisionMakerChanged', 'AlertRaised');
  });

  it('nothing carries on what would begin only after the person was asked, or reaches nobody any more', () => {
    const askBy = hour(1 + 14 * 24);
    const bases = (...events: CaseFileEvent[]) =>
      given(caseOpened, age('child'), known, ...events)
        .when(grows)
        .state().bases;
    expect(bases(byGuardian({ validFrom: askBy, validUntil: hour(20 * 24) }))).toEqual([]);
    expect(bases(byGuardian({ validFrom: hour(14 * 24), validUntil: hour(20 * 24) }))).toHaveLength(
      1,
    );
    const everybody = denial({ organisationIds: [], serviceClasses: ['safe-accommodation'] });
    expect(bases(byGuardian(), { type: 'DenialRecorded', denial: everybody })).toEqual([]);
  });

  it('no no that says nothing against a permission is carried on with it', () => {
    const ownChoices = (more: Parameters<typeof denial>[0]) =>
      given(caseOpened, age('child'), known, byGuardian(), {
        type: 'DenialRecorded',
        denial: denial(more),
      })
        .when(grows)
        .state().bases[0]?.ownChoices;
    expect(ownChoices({ purpose: 'health-care' })).toEqual([]);
    const lawyers = { organisationIds: [], serviceClasses: ['legal-aid'] };
    expect(ownChoices({ ...lawyers, given: consentGiven({ at: hour(-30) }) })).toEqual([]);
    expect(ownChoices(lawyers)).toMatchObject([{ serviceClasses: ['legal-aid'] }]);
  });

  it('the interim basis keeps exclusions and denials', () => {
    const excluding = {
      ...permission().receivers,
      excludedRegions: ['north'],
      excludedOrganisationIds: ['org-9'],
    };
    const file = given(caseOpened, age('child'), known, byGuardian({ receivers: excluding }), {
      type: 'DenialRecorded',
      denial: denial(),
    })
      .when(grows)
      .state();
    expect(file.bases[0]?.receivers).toEqual(excluding);
    expect(file.bases[0]?.ownChoices).toMatchObject([{ by: 'n1', organisationIds: ['org-1'] }]);
  });

  it('one basis carries on each permission: what was two is not made wider by being one', () => {
    const north = { ...permission().receivers, excludedRegions: ['north'] };
    const file = given(
      caseOpened,
      age('child'),
      known,
      byGuardian(),
      byGuardian({ permissionId: 'p2', receivers: north }),
    )
      .when(grows)
      .state();
    expect(file.bases.map(({ receivers }) => receivers?.excludedRegions)).toEqual([[], ['north']]);
  });

  it('the protection of a child ends too, and is carried on for those whom it reached', () => {
    const protection = {
      ...basis({ code: 'child-protection' }),
      isSubstitute: true,
      endedAt: undefined,
    };
    given(caseOpened, age('child'), known, { type: 'BasisRecorded', basis: protection })
      .when(grows)
      .then(
        'CameOfAge',
        'DecisionMakerChanged',
        { type: 'BasisRecorded', basis: expect.objectContaining(interimBasis) },
        'DeadlineSet',
        'DeadlineSet',
        { type: 'BasisEnded', basisId: 'b1', at: hour(1) },
        'AlertRaised',
      );
  });

  it('a protection of a child that has ended, or has run out, is not carried on', () => {
    const protection = {
      ...basis({ code: 'child-protection' }),
      isSubstitute: true,
      endedAt: undefined,
    };
    const recorded: CaseFileEvent = { type: 'BasisRecorded', basis: protection };
    given(caseOpened, age('child'), known, recorded, {
      type: 'BasisEnded',
      basisId: 'b1',
      at: noon,
    })
      .when(grows)
      .then('CameOfAge', 'DecisionMakerChanged', 'AlertRaised');
    given(caseOpened, age('child'), known, {
      type: 'BasisRecorded',
      basis: { ...protection, validUntil: hour(1) },
    })
      .when(grows)
      .then('CameOfAge', 'DecisionMakerChanged', 'AlertRaised');
  });

  it('a protection of a child is carried on without those of whom the person has spoken', () => {
    const ownChoices = [
      {
        by: 'n1',
        sections: ['health'],
        organisationIds: ['org-1'],
        serviceClasses: [],
        from: noon,
      },
    ];
    const protection = {
      ...basis({ code: 'child-protection' }),
      isSubstitute: true,
      endedAt: undefined,
      ownChoices,
    };
    const grown = given(caseOpened, age('child'), known, {
      type: 'BasisRecorded',
      basis: protection,
    }).when(grows);
    expect(grown.state().bases.at(-1)).toMatchObject({ basisId: 'bridge', ownChoices });
  });

  it('of another body’s protection of a child the same body alone goes on', () => {
    const protection = {
      ...basis({ code: 'child-protection', controller: 'clinic' }),
      isSubstitute: true,
      endedAt: undefined,
    };
    const file = given(caseOpened, age('child'), known, {
      type: 'BasisRecorded',
      basis: protection,
    })
      .when(grows)
      .state();
    expect(file.bases.map(({ code, controller }) => [code, controller])).toEqual([
      ['child-protection', 'clinic'],
      ['duty-of-care', 'clinic'],
    ]);
  });

  it('makes nobody an adult whose age is doubted or disputed: somebody is told, and nothing ends', () => {
    for (const one of ['unsure', 'disputed'] as const)
      given(caseOpened, age(one), known, byGuardian())
        .when(grows)
        .then({
          type: 'AlertRaised',
          alert: expect.objectContaining({ code: 'eighteen-age-in-doubt', role: 'caseworker' }),
        });
  });

  it('an adult’s birthday changes nothing', () =>
    given(caseOpened, age('adult')).when(grows).ignored('not-a-child'));

  it('is spoken of before, once for each warning', () => {
    const warns = (nth: number) => (file: CaseFile) => warnOfComingOfAge(file, nth, noon);
    given(caseOpened, age('child')).when(warns(1)).then('ComingOfAgeWarned', 'AlertRaised');
    given(caseOpened, age('child'))
      .when(warns(1))
      .and(warns(2))
      .then('ComingOfAgeWarned', 'AlertRaised');
    given(caseOpened, age('child')).when(warns(1)).and(warns(1)).then('ComingOfAgeWarned');
    given(caseOpened, age('child'), { type: 'AlertRaised', alert: { ...otherAlert, about: '1' } })
      .when(warns(1))
      .then('ComingOfAgeWarned', 'AlertRaised');
    for (const one of ['adult', 'unsure', 'disputed'] as const)
      given(caseOpened, age(one)).when(warns(1)).ignored('not-known-to-be-a-child');
  });
});
