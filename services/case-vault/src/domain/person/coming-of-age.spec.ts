import { describe, expect, it } from 'vitest';
import {
  basis,
  caseOpened,
  given as consentGiven,
  denial,
  hour,
  noon,
  permission,
} from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import {
  age,
  asks,
  byGuardian,
  given,
  granted,
  interimBasis,
  interimBasisEnds,
  known,
} from './age.fixture.ts';
import { comeOfAge, warnOfComingOfAge } from './age.ts';

const grows = (file: CaseFile) => comeOfAge(file, asks());
const otherAlert = { code: 'call-back', role: 'coordinator', at: noon, acknowledgedBy: undefined };

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

  it('the interim basis is recorded before the permission ends, so that a reader always finds one of them', () => {
    const events = given(caseOpened, age('child'), known, byGuardian()).when(grows).events();
    const types = events.map(({ type }) => type);
    expect(types.indexOf('BasisRecorded')).toBeLessThan(types.indexOf('PermissionWithdrawn'));
  });

  it('a purpose on which no service acts gets no interim basis, only a deadline to ask for consent', () => {
    const file = given(caseOpened, age('child'), known, byGuardian({ purpose: 'statistics' }))
      .when(grows)
      .state();
    expect(file.bases).toEqual([]);
    expect(file.deadlines.map(({ code }) => code)).toEqual(['ask-consent-again']);
  });

  it('a purpose on which referral searches for a need of the directory gets an interim basis too', () => {
    const file = given(caseOpened, age('child'), known, byGuardian({ purpose: 'health-care' }))
      .when(grows)
      .state();
    expect(file.bases).toMatchObject([{ basisId: 'interim', purpose: 'health-care' }]);
  });

  it('an expired or withdrawn permission is not ended a second time', () => {
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

  it('the person becomes an adult, and their own permissions continue', () => {
    const grown = given(caseOpened, age('child'), known, granted()).when(grows);
    grown.then('CameOfAge', 'DecisionMakerChanged', 'AlertRaised');
    expect(grown.state().person.age).toBe('adult');
  });

  it('a basis that has another reason than childhood continues', () => {
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

  it('a permission that begins only after consent is asked, or has no receiver left, gets no interim basis', () => {
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

  it('the interim basis keeps only denials that concern the permission', () => {
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

  it('the interim basis keeps the exclusions and denials of the permission', () => {
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

  it('each permission gets its own interim basis, so that two are not merged into a wider one', () => {
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

  it('a child-protection basis ends too, and an interim basis replaces it for the same receivers', () => {
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

  it('a child-protection basis that has ended or expired is not replaced', () => {
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

  it('the interim basis that replaces child protection keeps the choices of the person', () => {
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
    expect(grown.state().bases.at(-1)).toMatchObject({ basisId: 'interim', ownChoices });
  });

  it('the interim basis that replaces child protection has the same controller', () => {
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

  it('a person whose age is unsure or disputed does not become an adult, and a caseworker is alerted', () => {
    for (const one of ['unsure', 'disputed'] as const)
      given(caseOpened, age(one), known, byGuardian())
        .when(grows)
        .then({
          type: 'AlertRaised',
          alert: expect.objectContaining({ code: 'eighteen-age-in-doubt', role: 'caseworker' }),
        });
  });

  it('the file of an adult is unchanged', () =>
    given(caseOpened, age('adult')).when(grows).ignored('not-a-child'));

  it('the caseworker was alerted before, once for each warning', () => {
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
