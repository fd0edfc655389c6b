import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import {
  breakGlass,
  confirmOpening,
  isOpen,
  type OpeningRequest,
  reviewOpening,
} from './break-glass.ts';
import { caseOpened, hour, noon, rules } from './case.fixture.ts';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const breaks =
  (more: Partial<OpeningRequest> = {}, now = noon) =>
  (file: CaseFile) =>
    breakGlass(
      file,
      {
        openingId: 'o1',
        organisation: 'hospital',
        by: 'night-doctor',
        reason: 'life-at-risk',
        sections: ['health'],
        lifeAtRisk: true,
        ...more,
      },
      rules,
      now,
    );
const confirms =
  (by: string, now = hour(0.5)) =>
  (file: CaseFile) =>
    confirmOpening(file, { openingId: 'o1', by }, rules, now);
const reviews = (by: string) => (file: CaseFile) =>
  reviewOpening(file, { openingId: 'o1', by, justified: true }, hour(30));
const alert = (role: string) => ({
  type: 'AlertRaised' as const,
  alert: expect.objectContaining({ code: `file-opened-${role}`, role }),
});
const two = { lifeAtRisk: false };

describe('break-glass when a life is at risk', () => {
  it('lets one person open the file for four hours and alerts two roles at once', () =>
    given(caseOpened)
      .when(breaks())
      .then(
        'OpeningRequested',
        { type: 'FileOpened', openingId: 'o1', confirmedBy: undefined, until: hour(4) },
        alert('data-protection-officer'),
        alert('caseworker'),
        { type: 'DeadlineSet', deadline: { code: 'end-of-opening', about: 'o1', due: hour(4) } },
        {
          type: 'DeadlineSet',
          deadline: { code: 'review-of-opening', about: 'o1', due: hour(24) },
        },
      ));

  it('opens the file from the request until exactly its end', () => {
    const [one] = given(caseOpened).when(breaks()).state().openings;
    expect([hour(-1), noon, hour(3.99), hour(4)].map((at) => one && isOpen(one, at))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('opens only sections for emergencies, and at most two of them', () => {
    given(caseOpened)
      .when(breaks({ sections: ['story'] }))
      .refused('section-not-for-emergencies', 'sections');
    given(caseOpened)
      .when(breaks({ sections: ['health', 'story'] }))
      .refused('section-not-for-emergencies', 'sections');
    given(caseOpened)
      .when(breaks({ sections: ['identity', 'health'] }))
      .then(
        'OpeningRequested',
        'FileOpened',
        'AlertRaised',
        'AlertRaised',
        'DeadlineSet',
        'DeadlineSet',
      );
    given(caseOpened)
      .when(breaks({ sections: ['identity', 'health', 'contact'] }))
      .refused('too-many-sections', 'sections');
  });

  it('is refused under a used id, and while the file is open for the same organisation', () => {
    given(caseOpened).when(breaks()).and(breaks()).refused('already-exists', 'opening_id');
    given(caseOpened)
      .when(breaks())
      .and(breaks({ openingId: 'o2' }, hour(1)))
      .refused('already-open', 'case_id');
    given(caseOpened)
      .when(breaks())
      .and(breaks({ openingId: 'o2', organisation: 'ambulance' }, hour(1)))
      .then(
        'OpeningRequested',
        'FileOpened',
        'AlertRaised',
        'AlertRaised',
        'DeadlineSet',
        'DeadlineSet',
      );
  });
});

it('an opening needs two people for a reason that the country does not allow to one, even with a life at risk', () =>
  given(caseOpened)
    .when(breaks({ reason: 'missing', lifeAtRisk: true }))
    .then('OpeningRequested', {
      type: 'DeadlineSet',
      deadline: { code: 'opening-confirmation', about: 'o1', due: hour(1) },
    }));

it('one organisation may have three unconfirmed openings of a file a day; confirmed ones do not count', () => {
  const asks = (nth: number, at = hour(nth)) =>
    breaks({ openingId: `o${nth}`, lifeAtRisk: false }, at);
  const thrice = given(caseOpened).when(asks(1)).and(asks(2)).and(asks(3));
  thrice.and(asks(4)).refused('too-many-openings', 'case_id');
  thrice.and(asks(5, hour(25))).then('OpeningRequested', 'DeadlineSet');
  const open = (nth: number) => breaks({ openingId: `o${nth}` }, hour(nth * 4));
  given(caseOpened)
    .when(open(1))
    .and(open(2))
    .and(open(3))
    .and(open(4))
    .then(
      'OpeningRequested',
      'FileOpened',
      'AlertRaised',
      'AlertRaised',
      'DeadlineSet',
      'DeadlineSet',
    );
});

describe('break-glass when no life is at risk', () => {
  it('opens nothing before a second person agrees', () => {
    const file = given(caseOpened).when(breaks(two)).state();
    expect(file.openings.map((one) => isOpen(one, hour(0.1)))).toEqual([false]);
    given(caseOpened)
      .when(breaks(two))
      .then('OpeningRequested', {
        type: 'DeadlineSet',
        deadline: { code: 'opening-confirmation', about: 'o1', due: hour(1) },
      });
  });

  it('needs another person as the second, in time, and only once', () => {
    given(caseOpened)
      .when(breaks(two))
      .and(confirms('night-doctor'))
      .refused('second-person-needed', 'opening_id');
    given(caseOpened)
      .when(breaks(two))
      .and(confirms('another', hour(1)))
      .refused('too-late', 'opening_id');
    given(caseOpened)
      .when(breaks(two))
      .and(confirms('another'))
      .then(
        { type: 'DeadlineMet', code: 'opening-confirmation' },
        { type: 'FileOpened', confirmedBy: 'another', until: hour(4.5) },
        'AlertRaised',
        'AlertRaised',
        'DeadlineSet',
        'DeadlineSet',
      );
    given(caseOpened)
      .when(breaks(two))
      .and(confirms('another'))
      .and(confirms('a-third'))
      .refused('already-confirmed', 'opening_id');
    given(caseOpened).when(confirms('another')).refused('not-found', 'opening_id');
    given(caseOpened)
      .when(breaks({ openingId: 'o0', organisation: 'ambulance' }))
      .and(breaks(two))
      .and(confirms('another'))
      .then(
        'DeadlineMet',
        { type: 'FileOpened', openingId: 'o1' },
        'AlertRaised',
        'AlertRaised',
        'DeadlineSet',
        'DeadlineSet',
      );
  });
});

describe('the review of an opening', () => {
  it('alerts two roles when the opening was not justified', () =>
    given(caseOpened)
      .when(breaks())
      .and((file) =>
        reviewOpening(file, { openingId: 'o1', by: 'officer', justified: false }, hour(30)),
      )
      .then(
        'OpeningReviewed',
        'DeadlineMet',
        ...['data-protection-officer', 'caseworker'].map((role) => ({
          type: 'AlertRaised' as const,
          alert: expect.objectContaining({ code: `opening-not-justified-${role}`, role }),
        })),
      ));

  it('excludes only people who took part in that opening, not in another one of the file', () => {
    const twice = given(caseOpened)
      .when(breaks())
      .and(breaks({ openingId: 'o2', organisation: 'ambulance', by: 'officer' }))
      .and(reviews('colleague'));
    const second = (by: string) => (file: CaseFile) =>
      reviewOpening(file, { openingId: 'o2', by, justified: true }, hour(30));
    twice.and(second('officer')).refused('second-person-needed', 'opening_id');
    twice
      .and(second('night-doctor'))
      .then({ type: 'OpeningReviewed', openingId: 'o2' }, 'DeadlineMet');
  });

  it('is made once, by a person who had no part in the opening', () => {
    given(caseOpened)
      .when(breaks())
      .and(reviews('officer'))
      .then(
        { type: 'OpeningReviewed', by: 'officer', justified: true },
        { type: 'DeadlineMet', code: 'review-of-opening' },
      );
    given(caseOpened)
      .when(breaks())
      .and(reviews('night-doctor'))
      .refused('second-person-needed', 'opening_id');
    given(caseOpened)
      .when(breaks(two))
      .and(confirms('another'))
      .and(reviews('another'))
      .refused('second-person-needed', 'opening_id');
    given(caseOpened)
      .when(breaks())
      .and(reviews('officer'))
      .and(reviews('officer-2'))
      .refused('already-reviewed', 'opening_id');
    given(caseOpened)
      .when(breaks(two))
      .and(reviews('officer'))
      .refused('not-open-yet', 'opening_id');
    given(caseOpened).when(reviews('officer')).refused('not-found', 'opening_id');
  });
});
