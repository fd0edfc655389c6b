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
  it('is recorded as it was given, with a deadline at its end', () =>
    given(caseOpened)
      .when(grants())
      .then(granted(), {
        type: 'DeadlineSet',
        deadline: { code: 'permission-ends', about: 'p1', due: hour(24) },
      }));

  it('that lasts for weeks has another deadline before its end', () =>
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

  it('that ends soon has no deadline before its end', () =>
    given(caseOpened)
      .when(grants({ validUntil: hour(rules.warnBeforeEndMs / 3_600_000) }))
      .then('PermissionGranted', 'DeadlineSet'));

  it('may begin later', () =>
    given(caseOpened)
      .when(grants({ validFrom: hour(5) }))
      .then('PermissionGranted', 'DeadlineSet'));

  it('is refused under an id that exists', () =>
    given(caseOpened, granted()).when(grants()).refused('already-exists', 'permission_id'));

  it('needs a receiver: one organisation or one service class suffices', () => {
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

  it('is refused when it names an unknown organisation', () =>
    given(caseOpened)
      .when((file) =>
        grantPermission(file, permission(), { ...asking(), unknownReceivers: ['org-9'] }),
      )
      .refused('unknown-receiver', 'receivers.organisation_ids'));

  it('is refused when it ends before it begins, has already ended, or lasts too long', () => {
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

describe('the statement of a permission', () => {
  const codes = rules.explanations.map(({ code }) => code);

  it('is refused when one required explanation is missing', () => {
    for (const missing of codes)
      given(caseOpened)
        .when(
          grants({ given: consentGiven({ explained: codes.filter((one) => one !== missing) }) }),
        )
        .refused('not-explained', 'explained');
  });

  it('is refused when an interpreter was used and not named', () => {
    given(caseOpened)
      .when(grants({ given: consentGiven({ interpreter: true }) }))
      .refused('interpreter-not-named', 'interpreter_id');
    given(caseOpened)
      .when(grants({ given: consentGiven({ interpreter: true, interpreterId: 'i1' }) }))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is refused when it is dated in the future', () =>
    given(caseOpened)
      .when(grants({ given: consentGiven({ at: hour(1) }) }))
      .refused('in-the-future', 'given_at'));
});

describe('a permission that was stated before a later denial or withdrawal', () => {
  it('is refused when it is recorded after the withdrawal', () => {
    given(caseOpened, granted(), withdrawn('p1', hour(2)))
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(1) }) }, hour(3)))
      .refused('denied-since', 'given_at');
    given(caseOpened, granted(), withdrawn('p1', hour(2)))
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(3) }) }, hour(3)))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is accepted when both were stated at the same moment', () => {
    const at = { given: consentGiven({ at: hour(2) }) };
    given(caseOpened, granted(), withdrawn('p1', hour(2)))
      .when(grants({ permissionId: 'p2', ...at }, hour(3)))
      .then('PermissionGranted', 'DeadlineSet');
    const named = { receivers: receivers({ organisationIds: ['org-1'] }), ...at };
    given(caseOpened, { type: 'DenialRecorded', denial: denial(at) })
      .when(grants(named, hour(3)))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is compared with the time of the withdrawal record when no time of its statement was recorded', () => {
    const begun = (permissionId: string, at: typeof noon | undefined): CaseFileEvent => {
      const stated =
        at === undefined ? {} : { statement: { guardianId: undefined, language: 'en', at } };
      const how = {
        cause: 'withdrawn',
        channel: 'in-person',
        audiences: [],
        calledBack: undefined,
      } as const;
      return {
        type: 'WithdrawalBegun',
        withdrawal: { permissionId, at: hour(2), ...how, ...stated },
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

  it('is refused when the withdrawn permission had more sections', () => {
    const more = granted({ sections: ['health', 'identity'] });
    given(caseOpened, more, withdrawn('p1', hour(2)))
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(1) }) }, hour(3)))
      .refused('denied-since', 'given_at');
  });

  it('is accepted when the withdrawal was about another purpose or section', () => {
    given(caseOpened, granted({ purpose: 'health-care' }), withdrawn())
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(1) }) }, hour(3)))
      .then('PermissionGranted', 'DeadlineSet');
    given(caseOpened, granted({ sections: ['identity'] }), withdrawn())
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(1) }) }, hour(3)))
      .then('PermissionGranted', 'DeadlineSet');
  });

  it('is accepted when a birthday ended the permission before, because the person did not withdraw it', () =>
    given(caseOpened, granted(), {
      type: 'PermissionWithdrawn',
      permissionId: 'p1',
      at: hour(2),
      cause: 'came-of-age',
    })
      .when(grants({ permissionId: 'p2', given: consentGiven({ at: hour(1) }) }, hour(3)))
      .then('PermissionGranted', 'DeadlineSet'));

  it('is accepted when the denial names another organisation, and refused when it names the same one', () => {
    const denied = (more: Parameters<typeof denial>[0]): CaseFileEvent => ({
      type: 'DenialRecorded',
      denial: denial({ given: consentGiven({ at: hour(2) }), ...more }),
    });
    const grantsToOther = grants(
      {
        receivers: receivers({ organisationIds: ['org-2'] }),
        given: consentGiven({ at: hour(1) }),
      },
      hour(3),
    );
    given(caseOpened, denied({})).when(grantsToOther).then('PermissionGranted', 'DeadlineSet');
    given(caseOpened, denied({ organisationIds: ['org-2'] }))
      .when(grantsToOther)
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

  it('is refused for an organisation that may belong to the withdrawn service class', () => {
    const statedBefore = (more: Partial<ReceiverRule>) =>
      grants(
        { permissionId: 'p2', receivers: receivers(more), given: consentGiven({ at: hour(1) }) },
        hour(3),
      );
    const withdrawnClass = [caseOpened, granted(), withdrawn()];
    const [named, otherClass] = [{ organisationIds: ['org-2'] }, { serviceClasses: ['legal-aid'] }];
    given(...withdrawnClass)
      .when(statedBefore(named))
      .refused('denied-since', 'given_at');
    given(...withdrawnClass)
      .when(statedBefore(otherClass))
      .then('PermissionGranted', 'DeadlineSet');
    given(caseOpened, granted({ receivers: receivers(named) }), withdrawn())
      .when(statedBefore(otherClass))
      .refused('denied-since', 'given_at');
  });

  it('cannot be recorded again under the id of the withdrawn permission', () =>
    given(caseOpened, granted(), withdrawn())
      .when(grants({}, hour(3)))
      .refused('already-exists', 'permission_id'));
});

describe('a permission while a substitute basis is recorded', () => {
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

  it('for one of two service classes narrows the basis and does not end it', () =>
    given(
      caseOpened,
      carries({ receivers: receivers({ serviceClasses: ['safe-accommodation', 'legal-aid'] }) }),
      asked,
    )
      .when(grants())
      .then('PermissionGranted', 'DeadlineSet', 'BasisNarrowed'));

  it('does not change a basis that was ended or has expired', () => {
    for (const over of [carries({ endedAt: hour(-1) }), carries({ validUntil: noon })])
      given(caseOpened, over).when(grants()).then('PermissionGranted', 'DeadlineSet');
  });

  it('meets the deadline to ask for consent only when it names all receivers of the basis, also if it begins later', () => {
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
