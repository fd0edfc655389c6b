import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { type AskToOpen, breakGlass, confirmOpening, isOpen, reviewOpening } from './break-glass.ts';
import { hour, noon, opened, rules } from './case.fixture.ts';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const breaks =
  (more: Partial<AskToOpen> = {}, now = noon) =>
  (file: CaseFile) =>
    breakGlass(
      file,
      {
        ...{ openingId: 'o1', organisation: 'hospital', by: 'night-doctor', reason: 'life-at-risk' },
        ...{ sections: ['health'], lifeAtRisk: true, ...more },
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
  ...{ type: 'AlertRaised' as const, alert: expect.objectContaining({ code: `file-opened-${role}`, role }) },
});
const two = { lifeAtRisk: false };

describe('when a life is at risk', () => {
  it('one person opens the file, for four hours, and two desks are told at once', () =>
    given(opened)
      .when(breaks())
      .then(
        'OpeningAsked',
        { type: 'FileOpened', openingId: 'o1', second: undefined, until: hour(4) },
        alert('data-protection-officer'),
        alert('caseworker'),
        { type: 'PledgeMade', pledge: { code: 'end-of-opening', about: 'o1', due: hour(4) } },
        { type: 'PledgeMade', pledge: { code: 'review-of-opening', about: 'o1', due: hour(24) } },
      ));

  it('it is open to the moment, and no longer', () => {
    const [one] = given(opened).when(breaks()).state().opened;
    expect([hour(-1), noon, hour(3.99), hour(4)].map((at) => one && isOpen(one, at))).toEqual([
      ...[false, true, true, false],
    ]);
  });

  it('only what an emergency needs is opened, and little of it', () => {
    given(opened)
      .when(breaks({ sections: ['story'] }))
      .refused('section-not-for-emergencies', 'sections');
    given(opened)
      .when(breaks({ sections: ['health', 'story'] }))
      .refused('section-not-for-emergencies', 'sections');
    given(opened)
      .when(breaks({ sections: ['identity', 'health'] }))
      .then('OpeningAsked', 'FileOpened', 'AlertRaised', 'AlertRaised', 'PledgeMade', 'PledgeMade');
    given(opened)
      .when(breaks({ sections: ['identity', 'health', 'contact'] }))
      .refused('too-many-sections', 'sections');
  });

  it('it is opened once under its id, and not again while it is open', () => {
    given(opened).when(breaks()).and(breaks()).refused('already-exists', 'opening_id');
    given(opened)
      .when(breaks())
      .and(breaks({ openingId: 'o2' }, hour(1)))
      .refused('already-open', 'case_id');
    given(opened)
      .when(breaks())
      .and(breaks({ openingId: 'o2', organisation: 'ambulance' }, hour(1)))
      .then(...['OpeningAsked', 'FileOpened', 'AlertRaised', 'AlertRaised', 'PledgeMade', 'PledgeMade']);
  });
});

it('a reason by which the country lets nobody go alone needs two, whatever the one who asks says of it', () =>
  given(opened)
    .when(breaks({ reason: 'missing', lifeAtRisk: true }))
    .then('OpeningAsked', { type: 'PledgeMade', pledge: { code: 'second-person', about: 'o1', due: hour(1) } }));

it('one organisation asks for one file a few times a day at most while nobody agrees; what was open counts for nothing', () => {
  const asks = (nth: number, at = hour(nth)) => breaks({ openingId: `o${nth}`, lifeAtRisk: false }, at);
  const thrice = given(opened).when(asks(1)).and(asks(2)).and(asks(3));
  thrice.and(asks(4)).refused('too-many-openings', 'case_id');
  thrice.and(asks(5, hour(25))).then('OpeningAsked', 'PledgeMade');
  const open = (nth: number) => breaks({ openingId: `o${nth}` }, hour(nth * 4));
  given(opened)
    .when(open(1))
    .and(open(2))
    .and(open(3))
    .and(open(4))
    .then(...['OpeningAsked', 'FileOpened', 'AlertRaised', 'AlertRaised', 'PledgeMade', 'PledgeMade']);
});

describe('when no life is at risk', () => {
  it('nothing opens before a second person agrees', () => {
    const file = given(opened).when(breaks(two)).state();
    expect(file.opened.map((one) => isOpen(one, hour(0.1)))).toEqual([false]);
    given(opened)
      .when(breaks(two))
      .then('OpeningAsked', {
        ...{ type: 'PledgeMade', pledge: { code: 'second-person', about: 'o1', due: hour(1) } },
      });
  });

  it('the second is somebody else, in time, and once', () => {
    given(opened).when(breaks(two)).and(confirms('night-doctor')).refused('second-person-needed', 'opening_id');
    given(opened)
      .when(breaks(two))
      .and(confirms('another', hour(1)))
      .refused('too-late', 'opening_id');
    given(opened)
      .when(breaks(two))
      .and(confirms('another'))
      .then(
        { type: 'PledgeKept', code: 'second-person' },
        { type: 'FileOpened', second: 'another', until: hour(4.5) },
        ...['AlertRaised', 'AlertRaised', 'PledgeMade', 'PledgeMade'],
      );
    given(opened)
      .when(breaks(two))
      .and(confirms('another'))
      .and(confirms('a-third'))
      .refused('already-confirmed', 'opening_id');
    given(opened).when(confirms('another')).refused('not-found', 'opening_id');
    given(opened)
      .when(breaks({ openingId: 'o0', organisation: 'ambulance' }))
      .and(breaks(two))
      .and(confirms('another'))
      .then(
        'PledgeKept',
        { type: 'FileOpened', openingId: 'o1' },
        'AlertRaised',
        'AlertRaised',
        'PledgeMade',
        'PledgeMade',
      );
  });
});

describe('the day after', () => {
  it('that it was not right lands on the desks of those who must act on it', () =>
    given(opened)
      .when(breaks())
      .and((file) => reviewOpening(file, { openingId: 'o1', by: 'officer', justified: false }, hour(30)))
      .then(
        ...['OpeningReviewed', 'PledgeKept'],
        ...['data-protection-officer', 'caseworker'].map((role) => ({
          ...{ type: 'AlertRaised' as const },
          alert: expect.objectContaining({ code: `opening-not-justified-${role}`, role }),
        })),
      ));

  it('each opening of a file is looked at for itself', () => {
    const twice = given(opened)
      .when(breaks())
      .and(breaks({ openingId: 'o2', organisation: 'ambulance', by: 'officer' }))
      .and(reviews('colleague'));
    const second = (by: string) => (file: CaseFile) =>
      reviewOpening(file, { openingId: 'o2', by, justified: true }, hour(30));
    twice.and(second('officer')).refused('second-person-needed', 'opening_id');
    twice.and(second('night-doctor')).then({ type: 'OpeningReviewed', openingId: 'o2' }, 'PledgeKept');
  });

  it('somebody who had no part in it says whether it was right, once', () => {
    given(opened)
      .when(breaks())
      .and(reviews('officer'))
      .then(
        { type: 'OpeningReviewed', by: 'officer', justified: true },
        { type: 'PledgeKept', code: 'review-of-opening' },
      );
    given(opened).when(breaks()).and(reviews('night-doctor')).refused('second-person-needed', 'opening_id');
    given(opened)
      .when(breaks(two))
      .and(confirms('another'))
      .and(reviews('another'))
      .refused('second-person-needed', 'opening_id');
    given(opened)
      .when(breaks())
      .and(reviews('officer'))
      .and(reviews('officer-2'))
      .refused('already-reviewed', 'opening_id');
    given(opened).when(breaks(two)).and(reviews('officer')).refused('not-open-yet', 'opening_id');
    given(opened).when(reviews('officer')).refused('not-found', 'opening_id');
  });
});
