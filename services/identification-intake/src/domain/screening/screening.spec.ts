import { describe, expect, it } from 'vitest';
import type { IndicatorAnswer } from './evaluation.ts';
import {
  answers,
  begin,
  begun,
  finish,
  given,
  noon,
  pause,
  record,
  recorded,
  safety,
  screeningIn,
  seen,
} from './screening.fixture.ts';
import { HUMAN_ONLY } from './session.ts';

const notSafe = [
  { ...safety, speaksFreely: false },
  { ...safety, inDanger: true },
];

describe('the beginning of a screening', () => {
  it('requires the safety questions', () => {
    const unasked = { asked: false, speaksFreely: false, inDanger: false };
    given()
      .when(begin({ safety: unasked }))
      .refused('safety-not-asked', 'safety');
  });
  it('records that the person was not safe, and the screening is paused without questions', () => {
    for (const unsafe of notSafe) {
      const file = given()
        .when(begin({ safety: unsafe }))
        .state();
      const { speaksFreely, inDanger } = unsafe;
      expect(screeningIn(file)).toMatchObject({
        state: 'paused',
        answers: [],
        stopped: [{ by: 'p1', at: noon, speaksFreely, inDanger }],
      });
    }
  });
  it('on paper must contain the safety questions, and is not evaluated when the person was not safe', () => {
    given()
      .when(record({ safety: { asked: false, speaksFreely: false, inDanger: false } }))
      .refused('safety-not-asked', 'safety');
    given()
      .when(record({ safety: { ...safety, inDanger: true } }))
      .then('ScreeningBegun', 'ScreeningStopped');
  });
  it('is refused for a known screening id, and for a list that the country does not have', () => {
    given(...begun())
      .when(begin())
      .refused('already-exists', 'screening_id');
    given()
      .when(begin({ list: 'of-another-country' }))
      .refused('unknown-list', 'list');
  });
  it('is possible for a second screening of the same person', () => {
    const both = given(...begun()).when(begin({ screeningId: 's2' }));
    both.then('ScreeningBegun');
    expect(both.state().screenings.map(({ screeningId }) => screeningId)).toEqual(['s1', 's2']);
  });
  it('is refused after twenty screenings of one person', () => {
    const twenty = Array.from({ length: 20 }, (_, n) => begun({ screeningId: `s${n}` })).flat();
    given(...twenty)
      .when(begin({ screeningId: 'one-more' }))
      .refused('too-many-screenings', 'case_reference');
  });
});

describe('a session of a screening', () => {
  const unasked = { asked: false, speaksFreely: false, inDanger: false };

  it('requires the safety questions after a pause, and when another person holds it', () => {
    given(...begun())
      .when(answers(seen('one'), {}, unasked))
      .then('AnswersGiven');
    given(...begun())
      .when(answers(seen('one'), { by: 'p2' }, unasked))
      .refused('safety-not-asked', 'safety');
    const rested = given(...begun())
      .when(pause)
      .events();
    given(...rested)
      .when(answers(seen('one'), {}, unasked))
      .refused('safety-not-asked', 'safety');
  });
  it('may be paused again without an effect, and not after the evaluation', () => {
    given(...begun())
      .when(pause)
      .and(pause)
      .ignored('already-paused');
    given(...recorded())
      .when(pause)
      .refused('already-recorded', 'screening_id');
  });
  it('accepts no answer when the person is not safe, records this, and keeps earlier answers', () => {
    for (const unsafe of notSafe) {
      const file = given(...begun())
        .when(answers(seen('one')))
        .and(answers(seen('two'), { by: 'p2' }, unsafe))
        .state();
      expect(screeningIn(file)).toMatchObject({
        state: 'paused',
        answers: seen('one'),
        stopped: [{ by: 'p2' }],
      });
    }
  });
  it('has its author and time; what the paper does not state is not recorded', () => {
    const paper = given()
      .when(
        record({
          session: {
            language: undefined,
            interpreter: undefined,
            interpreterId: undefined,
            by: 'p1',
          },
        }),
      )
      .state();
    expect(screeningIn(paper).sessions).toEqual([{ by: 'p1', at: noon }]);
  });
  it('is one of at most fifty: the fiftieth accepts answers, and no other begins', () => {
    const by = (nth: number): string => (nth % 2 === 0 ? 'p2' : 'p1');
    let story = given(...begun()).when(answers(seen('one'), { by: by(2) }));
    for (let nth = 3; nth <= 50; nth++) story = story.and(answers(seen('one'), { by: by(nth) }));
    expect(screeningIn(story.state()).sessions).toHaveLength(50);
    story.and(answers(seen('two'), { by: by(50) })).then('AnswersGiven');
    story.and(answers(seen('two'), { by: by(51) })).refused('too-many-sessions', 'screening_id');
  });
  it('is refused a change after five hundred changed answers', () => {
    let story = given(...begun()).when(answers(seen('one')));
    const changes = (nth: number): IndicatorAnswer[] => [
      { indicator: 'one', presence: nth % 2 === 0 ? 'absent' : 'present' },
    ];
    for (let nth = 0; nth < 500; nth++) story = story.and(answers(changes(nth)));
    story.and(answers(changes(500))).refused('too-many-changes', 'answers');
    story.and(answers(changes(501))).then('AnswersGiven');
  });
});

describe('several sessions of a screening', () => {
  it('keep every answer over a pause, with language and interpreter of each session', () => {
    const file = given(...begun())
      .when(answers(seen('one')))
      .and(pause)
      .and(answers(seen('two'), { language: 'vi', interpreter: true, by: 'p2' }))
      .and(finish)
      .state();
    expect(screeningIn(file)).toMatchObject({
      state: 'recorded',
      evaluation: { result: 'indicated' },
    });
    expect(
      screeningIn(file).sessions.map(({ language, interpreter }) => [language, interpreter]),
    ).toEqual([
      ['en', false],
      ['vi', true],
    ]);
  });
  it('allow a change of an answer, and record the earlier answer', () => {
    const file = given(...begun())
      .when(answers(seen('one', 'two')))
      .and(pause)
      .and(answers([{ indicator: 'one', presence: 'prefers-not-to-say' }]))
      .and(finish)
      .state();
    expect(screeningIn(file).changed).toEqual([
      { indicator: 'one', before: 'present', session: 2 },
    ]);
    expect(screeningIn(file).evaluation?.result).toBe('not-indicated');
  });
  it('keep "prefers not to say" distinct from "not asked"', () => {
    const both = [
      { indicator: 'one', presence: 'prefers-not-to-say' },
      { indicator: 'two', presence: 'not-asked' },
    ] as const;
    const file = given(...begun())
      .when(answers(both))
      .state();
    expect(screeningIn(file).answers).toEqual(both);
  });
  it('refuse an indicator that the list does not have, and a repeated indicator', () => {
    given(...begun())
      .when(answers(seen('three')))
      .refused('unknown-indicator', 'answers');
    given(...begun())
      .when(answers(seen('one', 'one')))
      .refused('indicator-twice', 'answers');
  });
  it('end with the evaluation', () => {
    given(...recorded())
      .when(answers(seen('one')))
      .refused('already-recorded', 'screening_id');
    given(...recorded())
      .when(pause)
      .refused('already-recorded', 'screening_id');
    given(...recorded())
      .when(finish)
      .refused('already-recorded', 'screening_id');
  });
});

describe('the versions of a list of indicators', () => {
  const one = seen('one');
  it('are used in parallel: each screening is evaluated by the version that it began with', () => {
    const old = given()
      .when(record({ list: 'small@1' }, one))
      .state();
    const now = given()
      .when(record({ list: 'small' }, one))
      .state();
    expect(screeningIn(old)).toMatchObject({
      listVersion: '1',
      evaluation: { result: 'not-indicated' },
    });
    expect(screeningIn(now)).toMatchObject({
      listVersion: '2',
      evaluation: { result: 'indicated' },
    });
  });
  it('do not cover a form of exploitation without a verified list: a person concludes', () => {
    const file = given()
      .when(record({ list: HUMAN_ONLY }, []))
      .state();
    expect(screeningIn(file)).toMatchObject({
      listVersion: 'none',
      evaluation: { rule: 'human-only' },
    });
    given()
      .when(record({ list: HUMAN_ONLY }))
      .refused('unknown-indicator', 'answers');
  });
});
