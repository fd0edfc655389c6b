import { after, type Decision, type Instant, instant } from '@opennrm/runtime/decision';
import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { evolve, type IdentificationEvent, type IdentificationFile, onScreening } from '../identification-file.ts';
import { type Conclusion, conclude, concludeAs, type Reader, readScreening } from './concluding.ts';
import type { IndicatorList } from './indicator-list.ts';
import type { Screening, ScreeningEvent, Sitting } from './screening.ts';
import {
  beginScreening,
  finishScreening,
  giveAnswers,
  HUMAN_ONLY,
  pauseScreening,
  recordScreening,
  type Safety,
  type ScreeningBeginning,
  type ScreeningRefusal,
} from './sitting.ts';
import type { IndicatorAnswer } from './weighing.ts';

const { given } = specification<IdentificationFile, IdentificationEvent>(evolve);
const noon: Instant = instant(Date.UTC(2026, 2, 2, 12));

/** Two strong indicators of one dimension indicate; anything less does not. */
const list: IndicatorList = {
  ...{ id: 'small', version: '1', positive: [{ strong: 2 }] },
  dimensions: [
    {
      code: 'exploitation',
      indicators: ['one', 'two'].map((code) => ({ code, title: code, adult: 'strong', child: 'strong' })),
    },
  ],
  rules: {
    adult: [
      { rule: 'adult-1', all: ['exploitation'], any: [], result: 'indicated', advice: 'none' },
      { rule: 'adult-2', all: [], any: [], result: 'not-indicated', advice: 'none' },
    ],
    child: [{ rule: 'child-1', all: [], any: [], result: 'insufficient', advice: 'none' }],
  },
};
/** The next version needs one strong alone. */
const newer: IndicatorList = { ...list, version: '2', positive: [{ strong: 1 }] };
const lists = new Map([list, newer].map((one) => [`${one.id}@${one.version}`, one])).set('small', newer);

const seen = (...indicators: string[]) => indicators.map((indicator) => ({ indicator, presence: 'present' as const }));
const sitting = { language: 'en', interpreter: false, interpreterId: undefined, by: 'p1' };
const safety = { asked: true, speaksFreely: true, inDanger: false };
const beginning = (more: Partial<ScreeningBeginning> = {}): ScreeningBeginning => ({
  ...{ screeningId: 's1', caseReference: 'c1', ownerOrg: 'helpline', list: 'small@1', age: 'adult', sitting, safety },
  ...{ basis: 'permission', at: noon, ...more },
});
const begin = (more?: Partial<ScreeningBeginning>) => (file: IdentificationFile | undefined) =>
  beginScreening(file?.screenings ?? [], beginning(more), lists);
const record =
  (more?: Partial<ScreeningBeginning>, answers: readonly IndicatorAnswer[] = seen('one', 'two')) =>
  (file: IdentificationFile | undefined) =>
    recordScreening(file?.screenings ?? [], beginning(more), answers, lists);
const on =
  (act: (screening: Screening) => Decision<ScreeningEvent, ScreeningRefusal>, id = 's1') =>
  (file: IdentificationFile) =>
    onScreening(file, id, act);
const answers = (given_: readonly IndicatorAnswer[], more: Partial<Sitting> = {}, first: Safety = safety) =>
  on((one) => {
    const held = { ...sitting, ...more };
    return giveAnswers(one, { answers: given_, sitting: held, safety: first, at: after(noon, 60_000) }, lists);
  });
const pause = on((one) => pauseScreening(one, noon));
const finish = on((one) => finishScreening(one, lists));
const screeningIn = ({ screenings: [first] }: IdentificationFile): Screening => {
  if (!first) throw new Error('there is no screening');
  return first;
};

function events(decide: (file: undefined) => ReturnType<ReturnType<typeof record>>): IdentificationEvent[] {
  const decision = decide(undefined);
  if (decision.kind !== 'accepted') throw new Error('the screening was not recorded');
  return [...decision.events];
}
const recorded = (more?: Partial<ScreeningBeginning>) => events(record(more));
const begun = (more?: Partial<ScreeningBeginning>) => events(begin(more));

const notSafe = [
  { ...safety, speaksFreely: false },
  { ...safety, inDanger: true },
];

describe('beginning', () => {
  it('asks first whether she can speak freely and is in danger', () => {
    const unasked = { asked: false, speaksFreely: false, inDanger: false };
    given()
      .when(begin({ safety: unasked }))
      .refused('safety-first', 'safety');
  });
  it('keeps that she was not safe, and rests: nothing was asked', () => {
    for (const unsafe of notSafe) {
      const file = given()
        .when(begin({ safety: unsafe }))
        .state();
      const { speaksFreely, inDanger } = unsafe;
      expect(screeningIn(file)).toMatchObject({
        ...{ state: 'paused', answers: [], stopped: [{ by: 'p1', at: noon, speaksFreely, inDanger }] },
      });
    }
  });
  it('on paper says itself what was asked first, and is not weighed where she was not safe', () => {
    given()
      .when(record({ safety: { asked: false, speaksFreely: false, inDanger: false } }))
      .refused('safety-first', 'safety');
    given()
      .when(record({ safety: { ...safety, inDanger: true } }))
      .then('ScreeningBegun', 'ScreeningStopped');
  });
  it('takes no screening twice, and no list that the country does not have', () => {
    given(...begun())
      .when(begin())
      .refused('already-exists', 'screening_id');
    given()
      .when(begin({ list: 'of-another-country' }))
      .refused('unknown-list', 'list');
  });
  it('ends at twenty screenings of one person', () => {
    const twenty = Array.from({ length: 20 }, (_, n) => begun({ screeningId: `s${n}` })).flat();
    given(...twenty)
      .when(begin({ screeningId: 'one-more' }))
      .refused('too-many-screenings', 'case_reference');
  });
});

describe('each sitting', () => {
  const unasked = { asked: false, speaksFreely: false, inDanger: false };

  it('asks first too: after a pause, and where somebody else sits with her', () => {
    given(...begun())
      .when(answers(seen('one'), {}, unasked))
      .then('AnswersGiven');
    given(...begun())
      .when(answers(seen('one'), { by: 'p2' }, unasked))
      .refused('safety-first', 'safety');
    const rested = given(...begun())
      .when(pause)
      .events();
    given(...rested)
      .when(answers(seen('one'), {}, unasked))
      .refused('safety-first', 'safety');
  });
  it('takes no answer where she is not safe, keeps that it was so, and loses nothing', () => {
    for (const unsafe of notSafe) {
      const file = given(...begun())
        .when(answers(seen('one')))
        .and(answers(seen('two'), { by: 'p2' }, unsafe))
        .state();
      expect(screeningIn(file)).toMatchObject({ state: 'paused', answers: seen('one'), stopped: [{ by: 'p2' }] });
    }
  });
  it('says who sat, and when; what paper does not say is not recorded', () => {
    const paper = given()
      .when(record({ sitting: { language: undefined, interpreter: undefined, interpreterId: undefined, by: 'p1' } }))
      .state();
    expect(screeningIn(paper).sittings).toEqual([{ by: 'p1', at: noon }]);
  });
  it('ends at five hundred changed answers', () => {
    let story = given(...begun()).when(answers(seen('one')));
    const changes = (nth: number): IndicatorAnswer[] => [
      { indicator: 'one', presence: nth % 2 === 0 ? 'absent' : 'present' },
    ];
    for (let nth = 0; nth < 500; nth++) story = story.and(answers(changes(nth)));
    story.and(answers(changes(500))).refused('too-many-changes', 'answers');
    story.and(answers(changes(501))).then('AnswersGiven');
  });
});

describe('several sittings', () => {
  it('keep every answer over a pause, and who asked in which language with whom', () => {
    const file = given(...begun())
      .when(answers(seen('one')))
      .and(pause)
      .and(answers(seen('two'), { language: 'vi', interpreter: true, by: 'p2' }))
      .and(finish)
      .state();
    expect(screeningIn(file)).toMatchObject({ state: 'recorded', weighed: { result: 'indicated' } });
    expect(screeningIn(file).sittings.map(({ language, interpreter }) => [language, interpreter])).toEqual([
      ['en', false],
      ['vi', true],
    ]);
  });
  it('let an answer be changed, and show what it was', () => {
    const file = given(...begun())
      .when(answers(seen('one', 'two')))
      .and(pause)
      .and(answers([{ indicator: 'one', presence: 'prefers-not-to-say' }]))
      .and(finish)
      .state();
    expect(screeningIn(file).changed).toEqual([{ indicator: 'one', before: 'present', sitting: 2 }]);
    expect(screeningIn(file).weighed?.result).toBe('not-indicated');
  });
  it('keep "prefers not to say" apart from "not asked"', () => {
    const both = [
      { indicator: 'one', presence: 'prefers-not-to-say' },
      { indicator: 'two', presence: 'not-asked' },
    ] as const;
    const file = given(...begun())
      .when(answers(both))
      .state();
    expect(screeningIn(file).answers).toEqual(both);
  });
  it('take no indicator that the list does not have, and none twice', () => {
    given(...begun())
      .when(answers(seen('three')))
      .refused('unknown-indicator', 'answers');
    given(...begun())
      .when(answers(seen('one', 'one')))
      .refused('indicator-twice', 'answers');
  });
  it('are over once it was weighed', () => {
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

describe('versions of a list', () => {
  const one = seen('one');
  it('stand side by side, and each weighs what was begun with it', () => {
    const old = given()
      .when(record({ list: 'small@1' }, one))
      .state();
    const now = given()
      .when(record({ list: 'small' }, one))
      .state();
    expect(screeningIn(old)).toMatchObject({ listVersion: '1', weighed: { result: 'not-indicated' } });
    expect(screeningIn(now)).toMatchObject({ listVersion: '2', weighed: { result: 'indicated' } });
  });
  it('leave to a human what no verified list covers', () => {
    const file = given()
      .when(record({ list: HUMAN_ONLY }, []))
      .state();
    expect(screeningIn(file)).toMatchObject({ listVersion: 'none', weighed: { rule: 'human-only' } });
    given()
      .when(record({ list: HUMAN_ONLY }))
      .refused('unknown-indicator', 'answers');
  });
});

describe('concluding', () => {
  const how: Conclusion = { conclusion: 'indicated', reason: undefined, noteId: undefined, by: 'p1' };
  const concludes = (more: Partial<Conclusion> = {}, id = 's1') => on((one) => conclude(one, { ...how, ...more }), id);

  it('is done by a human, who may agree without a word', () =>
    given(...recorded())
      .when(concludes())
      .then({ type: 'ScreeningConcluded', conclusion: 'indicated', by: 'p1', road: 'trafficking' }));
  it('may differ from the indicators only with a reason', () => {
    given(...recorded())
      .when(concludes({ conclusion: 'not-indicated' }))
      .refused('reason-needed', 'reason');
    const file = given(...recorded())
      .when(concludes({ conclusion: 'insufficient', reason: 'a-reason' }))
      .state();
    expect(screeningIn(file)).toMatchObject({ state: 'concluded', conclusion: 'insufficient', reason: 'a-reason' });
    expect(screeningIn(file).weighed?.result).toBe('indicated');
  });
  it('leads who was exploited and not trafficked to those who see to the rights of workers', () =>
    given(...recorded())
      .when(concludes({ conclusion: 'not-indicated', reason: 'no-means' }))
      .then({ type: 'ScreeningConcluded', road: 'labour-rights' }));
  it('is done once, of a screening of this file that was weighed', () => {
    const twice = given(...recorded()).when(concludes());
    given(...twice.events())
      .when(concludes())
      .refused('already-concluded', 'screening_id');
    given(...begun())
      .when(concludes())
      .refused('not-recorded', 'screening_id');
    given(...recorded())
      .when(concludes({}, 'another'))
      .refused('not-found', 'screening_id');
  });
});

describe('reading a screening', () => {
  const reader = (more: Partial<Reader> = {}): Reader => ({
    ...{ organisation: 'authority', person: 'p2', purpose: 'identification-decision', isAuthority: true },
    ...{ permitted: true, at: noon, ...more },
  });
  const reads = (more: Partial<Reader> = {}) => on((one) => readScreening(one, reader(more)));
  const own = { organisation: 'helpline', isAuthority: false };

  it('by the competent authority stands on the basis that was recorded', () =>
    given(...recorded())
      .when(reads())
      .then({ type: 'ScreeningRead', organisation: 'authority', basis: 'permission' }));
  it('by the organisation that screened is reading its own record, also after a withdrawal', () =>
    given(...recorded())
      .when(reads({ ...own, permitted: false, purpose: 'accommodation' }))
      .then({ type: 'ScreeningRead', organisation: 'helpline', basis: 'own-record' }));
  it('by anybody else is not possible: the screening does not exist for them', () =>
    given(...recorded())
      .when(reads({ organisation: 'shelter', isAuthority: false }))
      .refused('not-found', 'screening_id'));
  it('by the authority is for its decision and nothing else', () =>
    given(...recorded())
      .when(reads({ purpose: 'criminal-proceedings' }))
      .refused('no-basis', 'purpose'));
  it('by the authority needs that her permission stands', () =>
    given(...recorded())
      .when(reads({ permitted: false }))
      .refused('no-basis', 'purpose'));
  it('by the authority goes on where the basis is not a permission', () =>
    given(...recorded({ basis: 'statute' }))
      .when(reads({ permitted: false }))
      .then({ type: 'ScreeningRead', basis: 'statute' }));
  it('is needed to conclude: by those who screened, or by an authority that may read', () => {
    const how: Conclusion = { conclusion: 'indicated', reason: undefined, noteId: undefined, by: 'p2' };
    const concludes = (more: Partial<Reader> = {}) => on((one) => concludeAs(one, reader(more), how));
    given(...recorded())
      .when(concludes({ permitted: false }))
      .refused('no-basis', 'purpose');
    given(...recorded())
      .when(concludes({ organisation: 'shelter', isAuthority: false }))
      .refused('not-found', 'screening_id');
    for (const who of [own, {}])
      given(...recorded())
        .when(concludes(who))
        .then('ScreeningConcluded');
  });
});
