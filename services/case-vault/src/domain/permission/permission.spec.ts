import { specification } from '@opennrm/testkit/pure';
import { describe, it } from 'vitest';
import {
  asking,
  basis,
  caseOpened,
  given as consentGiven,
  denial,
  hour,
  noon,
  permission,
  rules,
} from '../case.fixture.ts';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewPermission, ReceiverRule } from './consent-records.ts';
import { grantPermission } from './permission.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const granted = (more: Partial<NewPermission> = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission(more),
});
const withdrawn = (permissionId = 'p1', at = hour(2)): CaseFileEvent => ({
  type: 'PermissionWithdrawn',
  permissionId,
  at,
  cause: 'withdrawn',
});
const grants =
  (more: Partial<NewPermission> = {}, now = noon) =>
  (file: CaseFile) =>
    grantPermission(file, permission(more), asking(now));
const receivers = (more: Partial<ReceiverRule>): ReceiverRule => ({
  excludedRegions: [],
  excludedOrganisationIds: [],
  organisationIds: [],
  serviceClasses: [],
  ...more,
});

describe('a permission', () => {
  it('is kept as it was given, and its end is promised to be noticed', () =>
    given(caseOpened)
      .when(grants())
      .then(granted(), {
        type: 'DeadlineSet',
        deadline: { code: 'permission-ends', about: 'p1', due: hour(24) },
      }));

  it('that lasts for weeks is spoken of before it ends', () =>
    given(caseOpened)
      .when(grants({ validUntil: hour(30 * 24) }))
      .then(
        'PermissionGranted',
        {
          type: 'DeadlineSet',
          deadline: { code: 'permission-ends-soon', about: 'p1', due: hour(16 * 24) },
        },
        'DeadlineSet',
      ));

  it('that is given when its end comes soon already has no deadline before its end', () =>
    given(caseOpened)
      .when(grants({ validUntil: hour(rules.warnBeforeEndMs / 3_600_000) }))
      .then('PermissionGranted', 'DeadlineSet'));

  it('may begin later', () =>
    given(caseOpened)
      .when(grants({ validFrom: hour(5) }))
      .then('PermissionGranted', 'DeadlineSet'));

  it('is given once under its id', () =>
    given(caseOpened, granted()).when(grants()).refused('already-exists', 'permission_id'));

  it('names somebody who may receive: an organisation or a class of services is enough', () => {
    given(caseOpened)
      .when(grants({ receivers: receivers({}) }))
      .refused('receiver-missing', 'receivers');
    for (const one of [
      receivers({ organisationIds: ['org-1'] }),
      receivers({ serviceClasses: ['legal-aid'] }),
    ])
      given(caseOpened)
        .when(grants({ receivers: one }))
        .then('PermissionGranted', 'DeadlineSet');
  });

  it('names nobody of whom this country has not heard', () =>
    given(caseOpened)
      .when((file) =>
        grantPermission(file, permission(), { ...asking(), unknownReceivers: ['org-9'] }),
      )
      .refused('unknown-receiver', 'receivers.organisation_ids'));

  it('ends after it begins, has not ended when it is recorded, and does not last for ever', () => {
    given(caseOpened)
      .when(grants({ validFrom: hour(2), validUntil: hour(2) }))
      .refused('ends-before-it-begins', 'valid_until');
    given(caseOpened)
      .when(grants({}, hour(24)))
      .refused('already-ended', 'valid_until');
    const longest = rules.longestPermissionMs / 3_600_000;
    given(caseOpened)
      .when(grants({ validUntil: hour(longest) }))
      .then('PermissionGranted', 'DeadlineSet', 'DeadlineSet');
    given(caseOpened)
      .when(grants({ validUntil: hour(longest + 1) }))
      .refused('too-long', 'valid_until');
  });
});

describe('how a yes was given', () => {
  const told = rules.explanations.map(({ code }) => code);

  it('counts when all that must be explained was explained', () => {
    for (const missing of told)
      given(caseOpened)
        .when(grants({ given: consentGiven({ explained: told.filter((one) => one !== missing) }) }))
        .refused('not-explained', 'explained');
  });

  it('names the interpreter where there was one', () => {
    given(caseOpened)
      .when(grants({ given: consentGiven({ interpreter: true }) }))
      .refused('interpreter-not-named', 'interpreter_id');
    given(caseOpened)
      .when(grants({ given: consentGiven({ interpreter: true, interpreterId: 'i1' }) }))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is not said in the future', () =>
    given(caseOpened)
      .when(grants({ given: consentGiven({ at: hour(1) }) }))
      .refused('in-the-future', 'given_at'));
});

describe('a yes that was said before a later no', () => {
  it('is no answer to it, however late it is written down', () => {
    given(caseOpened, granted(), withdrawn('p1', hour(2)))
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(1) }) }, hour(3)))
      .refused('denied-since', 'given_at');
    given(caseOpened, granted(), withdrawn('p1', hour(2)))
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(3) }) }, hour(3)))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is one that was said earlier: what was said at the same moment is written down', () => {
    const at = { given: consentGiven({ at: hour(2) }) };
    given(caseOpened, granted(), withdrawn('p1', hour(2)))
      .when(grants({ permissionId: 'p2', ...at }, hour(3)))
      .then('PermissionGranted', 'DeadlineSet');
    const named = { receivers: receivers({ organisationIds: ['org-1'] }), ...at };
    given(caseOpened, { type: 'DenialRecorded', denial: denial(at) })
      .when(grants(named, hour(3)))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is measured by when its own permission was taken back, where nobody wrote down when that was said', () => {
    const begun = (permissionId: string, at: typeof noon | undefined): CaseFileEvent => {
      const spoken =
        at === undefined ? {} : { statement: { guardianId: undefined, language: 'en', at } };
      const how = {
        cause: 'withdrawn',
        channel: 'in-person',
        audiences: [],
        calledBack: undefined,
      } as const;
      return {
        type: 'WithdrawalBegun',
        withdrawal: { permissionId, at: hour(2), ...how, ...spoken },
      };
    };
    const later = (at: typeof noon) =>
      grants({ permissionId: 'p2', given: consentGiven({ at }) }, hour(3));
    const events = [
      caseOpened,
      granted(),
      begun('p0', hour(-9)),
      withdrawn('p1', hour(2)),
      begun('p1', undefined),
    ];
    given(...events)
      .when(later(hour(1)))
      .refused('denied-since', 'given_at');
    given(...events)
      .when(later(hour(2)))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is no answer to a no that was about more', () => {
    const more = granted({ sections: ['health', 'identity'] });
    given(caseOpened, more, withdrawn('p1', hour(2)))
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(1) }) }, hour(3)))
      .refused('denied-since', 'given_at');
  });

  it('stands where the no was about something else', () => {
    given(caseOpened, granted({ purpose: 'health-care' }), withdrawn())
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(1) }) }, hour(3)))
      .then('PermissionGranted', 'DeadlineSet');
    given(caseOpened, granted({ sections: ['identity'] }), withdrawn())
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(1) }) }, hour(3)))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('stands where the permission before it ran out, or was ended by a birthday: that was no denial by the person', () =>
    given(caseOpened, granted(), {
      type: 'PermissionWithdrawn',
      permissionId: 'p1',
      at: hour(2),
      cause: 'came-of-age',
    })
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(1) }) }, hour(3)))
      .then('PermissionGranted', 'DeadlineSet'));

  it('stands where the no was to somebody else; to the same it does not', () => {
    const no = (more: Parameters<typeof denial>[0]): CaseFileEvent => ({
      type: 'DenialRecorded',
      denial: denial({ given: consentGiven({ at: hour(2) }), ...more }),
    });
    const yes = grants(
      {
        receivers: receivers({ organisationIds: ['org-2'] }),
        given: consentGiven({ at: hour(1) }),
      },
      hour(3),
    );
    given(caseOpened, no({})).when(yes).then('PermissionGranted', 'DeadlineSet');
    given(caseOpened, no({ organisationIds: ['org-2'] }))
      .when(yes)
      .refused('denied-since', 'given_at');
    const named = granted({ receivers: receivers({ organisationIds: ['org-1'] }) });
    given(caseOpened, named, withdrawn())
      .when(
        grants(
          {
            permissionId: 'p2',
            receivers: receivers({ organisationIds: ['org-2'] }),
            given: consentGiven({ at: hour(1) }),
          },
          hour(3),
        ),
      )
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('to an organisation is no answer to a class that was taken back, of which it may be one', () => {
    const laterSaid = (more: Partial<ReceiverRule>) =>
      grants(
        { permissionId: 'p2', receivers: receivers(more), given: consentGiven({ at: hour(1) }) },
        hour(3),
      );
    const taken = [caseOpened, granted(), withdrawn()];
    const [named, otherClass] = [{ organisationIds: ['org-2'] }, { serviceClasses: ['legal-aid'] }];
    given(...taken)
      .when(laterSaid(named))
      .refused('denied-since', 'given_at');
    given(...taken)
      .when(laterSaid(otherClass))
      .then('PermissionGranted', 'DeadlineSet');
    given(caseOpened, granted({ receivers: receivers(named) }), withdrawn())
      .when(laterSaid(otherClass))
      .refused('denied-since', 'given_at');
  });

  it('cannot undo a withdrawal by saying the same permission again', () =>
    given(caseOpened, granted(), withdrawn())
      .when(grants({}, hour(3)))
      .refused('already-exists', 'permission_id'));
});

describe('a permission of a person who is asked again', () => {
  const carries = (more: Partial<LegalBasis> = {}): CaseFileEvent => ({
    type: 'BasisRecorded',
    basis: {
      ...basis(),
      isSubstitute: true,
      endedAt: undefined,
      receivers: permission().receivers,
      ownChoices: [],
      ...more,
    },
  });
  const carried = carries();
  const asked: CaseFileEvent = {
    type: 'DeadlineSet',
    deadline: { code: 'ask-consent-again', about: 'accommodation', due: hour(9) },
  };

  it('to one class of two narrows what was carried on, and does not end it', () =>
    given(
      caseOpened,
      carries({ receivers: receivers({ serviceClasses: ['safe-accommodation', 'legal-aid'] }) }),
      asked,
    )
      .when(grants())
      .then('PermissionGranted', 'DeadlineSet', 'BasisNarrowed'));

  it('changes nothing of what stands in no more: it was ended, or its time is over', () => {
    for (const over of [carries({ endedAt: hour(-1) }), carries({ validUntil: noon })])
      given(caseOpened, over).when(grants()).then('PermissionGranted', 'DeadlineSet');
  });

  it('to one of many is no answer for the others; to all it is, also where it begins later', () => {
    given(caseOpened, carried, asked)
      .when(grants({ receivers: receivers({ organisationIds: ['org-1'] }) }))
      .then('PermissionGranted', 'DeadlineSet', 'BasisNarrowed');
    given(caseOpened, carried, asked)
      .when(grants())
      .then('PermissionGranted', 'DeadlineSet', 'BasisEnded', {
        type: 'DeadlineMet',
        code: 'ask-consent-again',
      });
    given(caseOpened, carried, asked)
      .when(grants({ validFrom: hour(5) }))
      .then('PermissionGranted', 'DeadlineSet', 'BasisNarrowed', {
        type: 'DeadlineMet',
        code: 'ask-consent-again',
      });
  });
});
