import { describe, it } from 'vitest';
import {
  asking,
  basis,
  caseOpened,
  given as consentGiven,
  hour,
  noon,
  permission,
  rules,
} from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import type { LegalBasis } from './consent-records.ts';
import { given, granted, grants, receivers } from './permission.fixture.ts';
import { grantPermission } from './permission.ts';

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
