import { specification } from '@opennrm/testkit/pure';
import { describe, it } from 'vitest';
import { asking, basis, hour, noon, opened, permission, refusal, rules, given as said } from '../case.fixture.ts';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewPermission, ReceiverRule } from './given.ts';
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

  it('that is given when its end comes soon already has no deadline before its end', () =>
    given(opened)
      .when(grants({ validUntil: hour(rules.endsSoonBeforeMs / 3_600_000) }))
      .then('PermissionGranted', 'PledgeMade'));

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

  it('is one that was said earlier: what was said at the same moment is written down', () => {
    const at = { given: said({ at: hour(2) }) };
    given(opened, granted(), takenBack('p1', hour(2)))
      .when(grants({ permissionId: 'p2', ...at }, hour(3)))
      .then('PermissionGranted', 'PledgeMade');
    const named = { receivers: receivers({ organisationIds: ['org-1'] }), ...at };
    given(opened, { type: 'PermissionRefused', refusal: refusal(at) })
      .when(grants(named, hour(3)))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('is measured by when its own permission was taken back, where nobody wrote down when that was said', () => {
    const begun = (permissionId: string, at: typeof noon | undefined): CaseFileEvent => {
      const spoken = at === undefined ? {} : { said: { guardianId: undefined, language: 'en', at } };
      const how = { because: 'withdrawn', channel: 'in-person', audiences: [], calledBack: undefined } as const;
      return { type: 'WithdrawalBegun', withdrawal: { permissionId, at: hour(2), ...how, ...spoken } };
    };
    const later = (at: typeof noon) => grants({ permissionId: 'p2', given: said({ at }) }, hour(3));
    const events = [opened, granted(), begun('p0', hour(-9)), takenBack('p1', hour(2)), begun('p1', undefined)];
    given(...events)
      .when(later(hour(1)))
      .refused('said-no-since', 'given_at');
    given(...events)
      .when(later(hour(2)))
      .then('PermissionGranted', 'PledgeMade');
  });

  it('is no answer to a no that was about more', () => {
    const more = granted({ sections: ['health', 'identity'] });
    given(opened, more, takenBack('p1', hour(2)))
      .when(grants({ permissionId: 'p2', given: said({ at: hour(1) }) }, hour(3)))
      .refused('said-no-since', 'given_at');
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

  it('to an organisation is no answer to a class that was taken back, of which it may be one', () => {
    const laterSaid = (more: Partial<ReceiverRule>) =>
      grants({ permissionId: 'p2', receivers: receivers(more), given: said({ at: hour(1) }) }, hour(3));
    const taken = [opened, granted(), takenBack()];
    const [named, otherClass] = [{ organisationIds: ['org-2'] }, { serviceClasses: ['legal-aid'] }];
    given(...taken)
      .when(laterSaid(named))
      .refused('said-no-since', 'given_at');
    given(...taken)
      .when(laterSaid(otherClass))
      .then('PermissionGranted', 'PledgeMade');
    given(opened, granted({ receivers: receivers(named) }), takenBack())
      .when(laterSaid(otherClass))
      .refused('said-no-since', 'given_at');
  });

  it('cannot undo a withdrawal by saying the same permission again', () =>
    given(opened, granted(), takenBack())
      .when(grants({}, hour(3)))
      .refused('already-exists', 'permission_id'));
});

describe('a yes of her who is asked anew', () => {
  const carries = (more: Partial<LegalBasis> = {}): CaseFileEvent => ({
    type: 'BasisRecorded',
    basis: { ...basis(), standsIn: true, endedAt: undefined, receivers: permission().receivers, spoken: [], ...more },
  });
  const carried = carries();
  const asked: CaseFileEvent = {
    ...{ type: 'PledgeMade', pledge: { code: 'ask-anew', about: 'accommodation', due: hour(9) } },
  };

  it('to one class of two narrows what was carried on, and does not end it', () =>
    given(opened, carries({ receivers: receivers({ serviceClasses: ['safe-accommodation', 'legal-aid'] }) }), asked)
      .when(grants())
      .then('PermissionGranted', 'PledgeMade', 'BasisNarrowed'));

  it('changes nothing of what stands in no more: it was ended, or its time is over', () => {
    for (const over of [carries({ endedAt: hour(-1) }), carries({ validUntil: noon })])
      given(opened, over).when(grants()).then('PermissionGranted', 'PledgeMade');
  });

  it('to one of many is no answer for the others; to all it is, also where it begins later', () => {
    given(opened, carried, asked)
      .when(grants({ receivers: receivers({ organisationIds: ['org-1'] }) }))
      .then('PermissionGranted', 'PledgeMade', 'BasisNarrowed');
    given(opened, carried, asked)
      .when(grants())
      .then('PermissionGranted', 'PledgeMade', 'BasisEnded', { type: 'PledgeKept', code: 'ask-anew' });
    given(opened, carried, asked)
      .when(grants({ validFrom: hour(5) }))
      .then('PermissionGranted', 'PledgeMade', 'BasisNarrowed', { type: 'PledgeKept', code: 'ask-anew' });
  });
});
