import { describe, it } from 'vitest';
import { caseOpened, given as consentGiven, denial, hour, type noon } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import type { ReceiverRule } from './consent-records.ts';
import { given, granted, grants, receivers, withdrawn } from './permission.fixture.ts';

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
