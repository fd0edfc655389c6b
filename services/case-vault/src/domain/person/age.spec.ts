import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { basis, hour, noon, opened, owner, permission, refusal, rules, given as said } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewPermission } from '../permission/given.ts';
import { comeOfAge, recordAge, warnOfComingOfAge } from './age.ts';
import type { Age } from './person.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const age = (one: Exclude<Age, 'not-stated'>): CaseFileEvent => ({ type: 'AgeRecorded', age: one });
const known: CaseFileEvent = { type: 'ReferenceRegistered', service: 'referral', reference: 'r1' };
const granted = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  ...{ type: 'PermissionGranted', permission: permission(more) },
});
const byGuardian = (more: Partial<NewPermission> = {}): CaseFileEvent =>
  granted({ given: said({ guardianId: 'g1', childView: 'agrees' }), ...more });
const asks = (now = hour(1)) => ({ rules, now, mint: () => 'bridge' });
const records =
  (one: Exclude<Age, 'not-stated'>, now = hour(1)) =>
  (file: CaseFile) =>
    recordAge(file, one, asks(now));
const grows = (file: CaseFile) => comeOfAge(file, asks());
const bridge = {
  ...{ basisId: 'bridge', code: 'duty-of-care', purpose: 'accommodation', sections: ['health'] },
  ...{ validFrom: hour(1), validUntil: hour(1 + 14 * 24), controller: owner, standsIn: true },
};

const bridgeEnds: CaseFileEvent = {
  ...{ type: 'PledgeMade', pledge: { code: 'basis-ends', about: 'bridge', due: hour(1 + 14 * 24) } },
};

const otherAlert = { code: 'call-back', role: 'coordinator', at: noon, acknowledgedBy: undefined };

describe('an age', () => {
  it('is recorded as it stands, and again when it changes', () => {
    given(opened).when(records('unsure')).then(age('unsure'), 'AskedAnew');
    given(opened, age('unsure')).when(records('disputed')).then(age('disputed'));
    given(opened, age('unsure')).when(records('unsure')).ignored('already-recorded');
  });

  it('settles a doubt or a dispute where it says child or adult, and nothing else', () => {
    for (const doubt of ['unsure', 'disputed'] as const)
      expect(given(opened, age(doubt)).when(records('child')).events()).toContainEqual({
        type: 'AgeRecorded',
        age: 'child',
        settles: true,
      });
    for (const [was, is] of [
      ['unsure', 'disputed'],
      ['adult', 'child'],
      ['child', 'adult'],
      ['adult', 'unsure'],
    ] as const)
      expect(given(opened, age(was)).when(records(is)).events()).toContainEqual(age(is));
  });

  it('that turns out to be a child’s ends what she permitted as an adult; a basis carries her bed meanwhile', () =>
    given(opened, known, granted())
      .when(records('child'))
      .then(
        age('child'),
        'AskedAnew',
        { type: 'BasisRecorded', basis: expect.objectContaining(bridge) },
        bridgeEnds,
        { type: 'PledgeMade', pledge: { code: 'ask-anew', about: 'accommodation', due: hour(1 + 14 * 24) } },
        { type: 'PermissionWithdrawn', permissionId: 'p1', because: 'age-determined' },
        ...['WithdrawalBegun', 'PledgeMade'],
      ));

  it('that is disputed stays a child’s: nothing ends', () =>
    given(opened, age('child'), known, byGuardian()).when(records('disputed')).then(age('disputed')));

  it('determined as an adult’s ends what a guardian permitted', () => {
    const file = given(opened, age('disputed'), known, byGuardian()).when(records('adult')).state();
    expect(file.permissions[0]?.because).toBe('age-determined');
    expect(file.bases[0]).toMatchObject(bridge);
  });
});

describe('on her eighteenth birthday', () => {
  it('a guardian’s permissions end, she is asked anew, and a basis carries the search: no bed is lost', () =>
    given(opened, age('child'), known, byGuardian())
      .when(grows)
      .then(
        ...['CameOfAge', 'AskedAnew'],
        { type: 'BasisRecorded', basis: expect.objectContaining(bridge) },
        bridgeEnds,
        { type: 'PledgeMade', pledge: { code: 'ask-anew', about: 'accommodation', due: hour(1 + 14 * 24) } },
        { type: 'PermissionWithdrawn', permissionId: 'p1', because: 'came-of-age' },
        ...['WithdrawalBegun', 'PledgeMade'],
        { type: 'AlertRaised', alert: expect.objectContaining({ code: 'came-of-age', role: 'caseworker' }) },
      ));

  it('the basis is there before the permission ends: nobody who reads in between finds nothing', () => {
    const events = given(opened, age('child'), known, byGuardian()).when(grows).events();
    const types = events.map(({ type }) => type);
    expect(types.indexOf('BasisRecorded')).toBeLessThan(types.indexOf('PermissionWithdrawn'));
  });

  it('what no service acts on is awaited, and nothing stands in for it', () => {
    const file = given(opened, age('child'), known, byGuardian({ purpose: 'health-care' }))
      .when(grows)
      .state();
    expect(file.bases).toEqual([]);
    expect(file.pledges.map(({ code }) => code)).toEqual(['ask-anew']);
  });

  it('what has run out or was taken back before is not ended a second time', () => {
    const over = byGuardian({ validFrom: hour(-3), validUntil: hour(-1) });
    const takenBack: CaseFileEvent = {
      type: 'PermissionWithdrawn',
      permissionId: 'p1',
      at: noon,
      because: 'withdrawn',
    };
    for (const events of [[over], [byGuardian({ validUntil: hour(1) })], [byGuardian(), takenBack]])
      given(opened, age('child'), ...events)
        .when(grows)
        .then('CameOfAge', 'AskedAnew', 'AlertRaised');
  });

  it('the person is an adult, and what they permitted themselves goes on', () => {
    const grown = given(opened, age('child'), known, granted()).when(grows);
    grown.then('CameOfAge', 'AskedAnew', 'AlertRaised');
    expect(grown.state().person.age).toBe('adult');
  });

  it('what stands in for another reason than childhood goes on', () => {
    const recorded = (code: string, standsIn: boolean): CaseFileEvent => ({
      type: 'BasisRecorded',
      basis: { ...basis({ basisId: code, code }), standsIn, endedAt: undefined },
    });
    given(opened, age('child'), known, recorded('vital-interest', true), recorded('public-task', false))
      .when(grows)
      .then('CameOfAge', 'AskedAnew', 'AlertRaised');
  });

  it('nothing carries on what would begin only after the person was asked, or reaches nobody any more', () => {
    const askBy = hour(1 + 14 * 24);
    const bases = (...events: CaseFileEvent[]) =>
      given(opened, age('child'), known, ...events)
        .when(grows)
        .state().bases;
    expect(bases(byGuardian({ validFrom: askBy, validUntil: hour(20 * 24) }))).toEqual([]);
    expect(bases(byGuardian({ validFrom: hour(14 * 24), validUntil: hour(20 * 24) }))).toHaveLength(1);
    const everybody = refusal({ organisationIds: [], serviceClasses: ['safe-accommodation'] });
    expect(bases(byGuardian(), { type: 'PermissionRefused', refusal: everybody })).toEqual([]);
  });

  it('no no that says nothing against a permission is carried on with it', () => {
    const spoken = (more: Parameters<typeof refusal>[0]) =>
      given(opened, age('child'), known, byGuardian(), { type: 'PermissionRefused', refusal: refusal(more) })
        .when(grows)
        .state().bases[0]?.spoken;
    expect(spoken({ purpose: 'health-care' })).toEqual([]);
    const lawyers = { organisationIds: [], serviceClasses: ['legal-aid'] };
    expect(spoken({ ...lawyers, given: said({ at: hour(-30) }) })).toEqual([]);
    expect(spoken(lawyers)).toMatchObject([{ serviceClasses: ['legal-aid'] }]);
  });

  it('whom she had excluded, or refused since, stays out: the basis is as narrow as what it carries on', () => {
    const excluding = { ...permission().receivers, excludedRegions: ['north'], excludedOrganisationIds: ['org-9'] };
    const file = given(opened, age('child'), known, byGuardian({ receivers: excluding }), {
      ...{ type: 'PermissionRefused', refusal: refusal() },
    })
      .when(grows)
      .state();
    expect(file.bases[0]?.receivers).toEqual(excluding);
    expect(file.bases[0]?.spoken).toMatchObject([{ by: 'n1', organisationIds: ['org-1'] }]);
  });

  it('one basis carries on each permission: what was two is not made wider by being one', () => {
    const north = { ...permission().receivers, excludedRegions: ['north'] };
    const file = given(opened, age('child'), known, byGuardian(), byGuardian({ permissionId: 'p2', receivers: north }))
      .when(grows)
      .state();
    expect(file.bases.map(({ receivers }) => receivers?.excludedRegions)).toEqual([[], ['north']]);
  });

  it('the protection of a child ends too, and is carried on for those whom it reached', () => {
    const protection = { ...basis({ code: 'child-protection' }), standsIn: true, endedAt: undefined };
    given(opened, age('child'), known, { type: 'BasisRecorded', basis: protection })
      .when(grows)
      .then(
        ...['CameOfAge', 'AskedAnew'],
        { type: 'BasisRecorded', basis: expect.objectContaining(bridge) },
        ...['PledgeMade', 'PledgeMade'],
        { type: 'BasisEnded', basisId: 'b1', at: hour(1) },
        'AlertRaised',
      );
  });

  it('a protection of a child that has ended, or has run out, is not carried on', () => {
    const protection = { ...basis({ code: 'child-protection' }), standsIn: true, endedAt: undefined };
    const recorded: CaseFileEvent = { type: 'BasisRecorded', basis: protection };
    given(opened, age('child'), known, recorded, { type: 'BasisEnded', basisId: 'b1', at: noon })
      .when(grows)
      .then('CameOfAge', 'AskedAnew', 'AlertRaised');
    given(opened, age('child'), known, { type: 'BasisRecorded', basis: { ...protection, validUntil: hour(1) } })
      .when(grows)
      .then('CameOfAge', 'AskedAnew', 'AlertRaised');
  });

  it('a protection of a child is carried on without those of whom the person has spoken', () => {
    const spoken = [{ by: 'n1', sections: ['health'], organisationIds: ['org-1'], serviceClasses: [], from: noon }];
    const protection = { ...basis({ code: 'child-protection' }), standsIn: true, endedAt: undefined, spoken };
    const grown = given(opened, age('child'), known, { type: 'BasisRecorded', basis: protection }).when(grows);
    expect(grown.state().bases.at(-1)).toMatchObject({ basisId: 'bridge', spoken });
  });

  it('of another body’s protection of a child the same body alone goes on', () => {
    const protection = {
      ...basis({ code: 'child-protection', controller: 'clinic' }),
      standsIn: true,
      endedAt: undefined,
    };
    const file = given(opened, age('child'), known, { type: 'BasisRecorded', basis: protection }).when(grows).state();
    expect(file.bases.map(({ code, controller }) => [code, controller])).toEqual([
      ...[
        ['child-protection', 'clinic'],
        ['duty-of-care', 'clinic'],
      ],
    ]);
  });

  it('makes nobody an adult whose age is doubted or disputed: somebody is told, and nothing ends', () => {
    for (const one of ['unsure', 'disputed'] as const)
      given(opened, age(one), known, byGuardian())
        .when(grows)
        .then({
          type: 'AlertRaised',
          alert: expect.objectContaining({ code: 'eighteen-by-a-doubted-date', role: 'caseworker' }),
        });
  });

  it('an adult’s birthday changes nothing', () => given(opened, age('adult')).when(grows).ignored('not-a-child'));

  it('is spoken of before, once for each warning', () => {
    const warns = (nth: number) => (file: CaseFile) => warnOfComingOfAge(file, nth, noon);
    given(opened, age('child')).when(warns(1)).then('ComingOfAge', 'AlertRaised');
    given(opened, age('child')).when(warns(1)).and(warns(2)).then('ComingOfAge', 'AlertRaised');
    given(opened, age('child')).when(warns(1)).and(warns(1)).then('ComingOfAge');
    given(opened, age('child'), { type: 'AlertRaised', alert: { ...otherAlert, about: '1' } })
      .when(warns(1))
      .then('ComingOfAge', 'AlertRaised');
    for (const one of ['adult', 'unsure', 'disputed'] as const)
      given(opened, age(one)).when(warns(1)).ignored('not-known-to-be-a-child');
  });
});
