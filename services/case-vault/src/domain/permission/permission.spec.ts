import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { asking, hour, noon, opened, permission, refusal, rules, given as said } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewPermission, ReceiverRule } from './given.ts';
import { leftOfReceivers } from './left.ts';
import { grantPermission } from './permission.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const granted = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  ...{ type: 'PermissionGranted', permission: permission(more) },
});
const takenBack = (permissionId = 'p1', at = hour(2)): CaseFileEvent => ({
  ...{ type: 'PermissionWithdrawn', permissionId, at, because: 'withdrawn' },
});
const grants =
  (more: Partial<NewPermission> = {}, now = noon) =>
  (file: CaseFile) =>
    grantPermission(file, permission(more), asking(now));
const receivers = (more: Partial<ReceiverRule>): ReceiverRule => ({
  ...{ excludedRegions: [], excludedOrganisationIds: [], organisationIds: [], serviceClasses: [] },
  ...more,
});

describe('a permission', () => {
  it('is kept as it was given, and its end is promised to be noticed', () =>
    given(opened)
      .when(grants())
      .then(granted(), { type: 'PledgeMade', pledge: { code: 'permission-ends', about: 'p1', due: hour(24) } }));

  it('that lasts for weeks is spoken of before it ends', () =>
    given(opened)
      .when(grants({ validUntil: hour(30 * 24) }))
      .then(
        'PermissionGranted',
        { type: 'PledgeMade', pledge: { code: 'permission-ends-soon', about: 'p1', due: hour(16 * 24) } },
        'PledgeMade',
      ));

  it('may begin later', () =>
    given(opened)
      .when(grants({ validFrom: hour(5) }))
      .then('PermissionGranted', 'PledgeMade'));

  it('is given once under its id', () =>
    given(opened, granted()).when(grants()).refused('already-exists', 'permission_id'));

  it('names somebody who may receive: an organisation or a class of services is enough', () => {
    given(opened)
      .when(grants({ receivers: receivers({}) }))
      .refused('nobody-may-receive', 'receivers');
    for (const one of [receivers({ organisationIds: ['org-1'] }), receivers({ serviceClasses: ['legal-aid'] })])
      given(opened)
        .when(grants({ receivers: one }))
        .then('PermissionGranted', 'PledgeMade');
  });

  it('names nobody of whom this country has not heard', () =>
    given(opened)
      .when((file) => grantPermission(file, permission(), { ...asking(), unknownReceivers: ['org-9'] }))
      .refused('unknown-receiver', 'receivers.organisation_ids'));

  it('ends after it begins, has not ended when it is recorded, and does not last for ever', () => {
    given(opened)
      .when(grants({ validFrom: hour(2), validUntil: hour(2) }))
      .refused('ends-before-it-begins', 'valid_until');
    given(opened)
      .when(grants({}, hour(24)))
      .refused('already-ended', 'valid_until');
    const longest = rules.longestPermissionMs / 3_600_000;
    given(opened)
      .when(grants({ validUntil: hour(longest) }))
      .then('PermissionGranted', 'PledgeMade', 'PledgeMade');
    given(opened)
      .when(grants({ validUntil: hour(longest + 1) }))
      .refused('too-long', 'valid_until');
  });
});

describe('how a yes was given', () => {
  const told = rules.explanations.map(({ code }) => code);

  it('counts when all that must be explained was explained', () => {
    for (const missing of told)
      given(opened)
        .when(grants({ given: said({ explained: told.filter((one) => one !== missing) }) }))
        .refused('not-explained', 'explained');
  });

  it('names the interpreter where there was one', () => {
    given(opened)
      .when(grants({ given: said({ interpreter: true }) }))
      .refused('interpreter-not-named', 'interpreter_id');
    given(opened)
      .when(grants({ given: said({ interpreter: true, interpreterId: 'i1' }) }))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('is not said in the future', () =>
    given(opened)
      .when(grants({ given: said({ at: hour(1) }) }))
      .refused('said-in-the-future', 'given_at'));
});

describe('a yes that was said before a later no', () => {
  it('is no answer to it, however late it is written down', () => {
    given(opened, granted(), takenBack('p1', hour(2)))
      .when(grants({ permissionId: 'p2', given: said({ at: hour(1) }) }, hour(3)))
      .refused('said-no-since', 'given_at');
    given(opened, granted(), takenBack('p1', hour(2)))
      .when(grants({ permissionId: 'p2', given: said({ at: hour(3) }) }, hour(3)))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('stands where the no was about something else', () => {
    given(opened, granted({ purpose: 'health-care' }), takenBack())
      .when(grants({ permissionId: 'p2', given: said({ at: hour(1) }) }, hour(3)))
      .then('PermissionGranted', 'PledgeMade');
    given(opened, granted({ sections: ['identity'] }), takenBack())
      .when(grants({ permissionId: 'p2', given: said({ at: hour(1) }) }, hour(3)))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('stands where the permission before it ran out, or was ended by a birthday: that was no no of hers', () =>
    given(opened, granted(), { type: 'PermissionWithdrawn', permissionId: 'p1', at: hour(2), because: 'came-of-age' })
      .when(grants({ permissionId: 'p2', given: said({ at: hour(1) }) }, hour(3)))
      .then('PermissionGranted', 'PledgeMade'));

  it('stands where the no was to somebody else; to the same it does not', () => {
    const no = (more: Parameters<typeof refusal>[0]): CaseFileEvent => ({
      ...{ type: 'PermissionRefused', refusal: refusal({ given: said({ at: hour(2) }), ...more }) },
    });
    const yes = grants({ receivers: receivers({ organisationIds: ['org-2'] }), given: said({ at: hour(1) }) }, hour(3));
    given(opened, no({})).when(yes).then('PermissionGranted', 'PledgeMade');
    given(opened, no({ organisationIds: ['org-2'] }))
      .when(yes)
      .refused('said-no-since', 'given_at');
    const named = granted({ receivers: receivers({ organisationIds: ['org-1'] }) });
    given(opened, named, takenBack())
      .when(
        grants(
          { permissionId: 'p2', receivers: receivers({ organisationIds: ['org-2'] }), given: said({ at: hour(1) }) },
          hour(3),
        ),
      )
      .then('PermissionGranted', 'PledgeMade');
  });

  it('cannot undo a withdrawal by saying the same permission again', () =>
    given(opened, granted(), takenBack())
      .when(grants({}, hour(3)))
      .refused('already-exists', 'permission_id'));
});

describe('a later stage', () => {
  const stage = (more: Partial<NewPermission> = {}, now = noon) =>
    grants({ permissionId: 'p2', after: 'p1', ...more }, now);

  it('goes on with a permission that stands: it may name whom, and is wider in nothing', () => {
    const named = receivers({ organisationIds: ['org-1'] });
    given(opened, granted())
      .when(stage({ receivers: named }))
      .then('PermissionGranted', 'PledgeMade');
    for (const [more, field] of [
      [{ purpose: 'health-care' }, 'purpose'],
      [{ sections: ['health', 'identity'] }, 'sections'],
      [{ validUntil: hour(25) }, 'valid_until'],
      [{ receivers: receivers({ serviceClasses: ['legal-aid'] }) }, 'receivers'],
    ] as const)
      given(opened, granted())
        .when(stage({ receivers: named, ...more }))
        .refused('wider-than-before', field);
  });

  it('keeps out whom she had excluded without being said again, and whom she refused since', () => {
    const excluding = { ...permission().receivers, excludedRegions: ['north'], excludedOrganisationIds: ['org-9'] };
    const before = granted({ receivers: excluding });
    const named = receivers({ organisationIds: ['org-1'] });
    const file = given(opened, before)
      .when(stage({ receivers: named }))
      .state();
    expect(file.permissions[1]?.receivers).toMatchObject({
      ...{ excludedRegions: ['north'], excludedOrganisationIds: ['org-9'], organisationIds: ['org-1'] },
    });
    given(opened, before)
      .when(stage({ receivers: receivers({ organisationIds: ['org-9'] }) }))
      .refused('wider-than-before', 'receivers');
    given(opened, before, { type: 'PermissionRefused', refusal: refusal() })
      .when(stage({ receivers: named, given: said({ at: hour(1) }) }, hour(1)))
      .refused('wider-than-before', 'receivers');
  });

  it('does not go on with one that nobody gave, that ended, or that was taken back', () => {
    given(opened).when(stage()).refused('unknown-stage', 'after_permission_id');
    given(opened, granted(), takenBack('p1', hour(-30)))
      .when(stage())
      .refused('unknown-stage', 'after_permission_id');
    given(opened, granted({ validFrom: hour(-2), validUntil: hour(-1) }))
      .when(stage())
      .refused('unknown-stage', 'after_permission_id');
  });
});

describe('a renewal', () => {
  const renews = (more: Partial<NewPermission> = {}, now = noon) =>
    grants({ permissionId: 'p2', renews: 'p1', validUntil: hour(48), ...more }, now);

  it('takes the question of the end from the permission before it', () => {
    const [first, end] = [granted(), { code: 'permission-ends', about: 'p1', due: hour(24) } as const];
    given(opened, first, { type: 'PledgeMade', pledge: end })
      .when(renews())
      .then(
        ...['PermissionGranted', 'PledgeMade'],
        { type: 'PermissionShortened', permissionId: 'p1', validUntil: noon },
        { type: 'PledgeKept', code: 'permission-ends', about: 'p1' },
      );
  });

  it('is possible when the permission before it has run out, and not when it was taken back', () => {
    given(opened, granted({ validFrom: hour(-2), validUntil: hour(-1) }))
      .when(renews())
      .then('PermissionGranted', 'PledgeMade');
    given(opened, granted(), takenBack('p1', hour(-30)))
      .when(renews())
      .refused('unknown-stage', 'renews_permission_id');
  });

  it('never widens what she said: neither whom, nor what, nor what for', () => {
    const exclusions = receivers({ serviceClasses: ['safe-accommodation'], excludedRegions: ['north'] });
    for (const [more, field] of [
      [{ receivers: exclusions, sections: ['health', 'identity'] }, 'sections'],
      [{ receivers: receivers({ serviceClasses: ['safe-accommodation', 'legal-aid'] }) }, 'receivers'],
      [{ receivers: receivers({ organisationIds: ['org-1'] }) }, 'receivers'],
      [{ receivers: receivers({ serviceClasses: ['safe-accommodation'] }) }, 'receivers'],
      [{ receivers: exclusions, purpose: 'health-care' }, 'purpose'],
    ] as const)
      given(opened, granted({ receivers: exclusions }))
        .when(renews(more))
        .refused('wider-than-before', field);
    given(opened, granted({ receivers: exclusions }))
      .when(renews({ receivers: exclusions }))
      .then('PermissionGranted', 'PledgeMade', 'PermissionShortened');
  });

  it('takes its place from the moment on which it begins', () => {
    given(opened, granted())
      .when(renews({ validFrom: hour(6) }))
      .then('PermissionGranted', 'PledgeMade', { type: 'PermissionShortened', validUntil: hour(6) });
    given(opened, granted())
      .when(renews({ validFrom: hour(30) }))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('undoes no no: whom she refused since stays out, and a class that she refused cannot be renewed', () => {
    const refused = { type: 'PermissionRefused', refusal: refusal() } as const;
    const again = { given: said({ at: hour(1) }) };
    const file = given(opened, granted(), refused)
      .when(renews(again, hour(1)))
      .state();
    const [, renewed] = file.permissions;
    expect(renewed && leftOfReceivers(renewed, file.refusals, 'health').excludedOrganisationIds).toEqual(['org-1']);
    const noClass = refusal({ organisationIds: [], serviceClasses: ['safe-accommodation'] });
    given(opened, granted(), { ...refused, refusal: noClass })
      .when(renews(again, hour(1)))
      .refused('wider-than-before', 'receivers');
  });
});
