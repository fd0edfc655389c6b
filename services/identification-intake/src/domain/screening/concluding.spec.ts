import { describe, expect, it } from 'vitest';
import { type Conclusion, conclude, concludeAs, type Reader, readScreening } from './concluding.ts';
import { begun, given, noon, on, recorded, screeningIn } from './screening.fixture.ts';
import { evolveScreening } from './screening.ts';
import { pauseScreening } from './session.ts';

it('the conclusion of a screening that was never evaluated is a fault', () => {
  const [open] = given(...begun())
    .when(on((one) => pauseScreening(one, noon)))
    .state().screenings;
  const conclusion = {
    conclusion: 'indicated',
    reason: undefined,
    noteId: undefined,
    by: 'p1',
  } as const;
  const event = {
    type: 'ScreeningConcluded',
    screeningId: 's1',
    ...conclusion,
    pathway: 'none',
  } as const;
  expect(() => open && evolveScreening(open, event)).toThrow(
    'ScreeningConcluded before ScreeningRecorded',
  );
});

describe('a conclusion', () => {
  const how: Conclusion = {
    conclusion: 'indicated',
    reason: undefined,
    noteId: undefined,
    by: 'p1',
  };
  const concludes = (more: Partial<Conclusion> = {}, id = 's1') =>
    on((one) => conclude(one, { ...how, ...more }), id);

  it('is made by a person, who may agree with the result without a reason', () =>
    given(...recorded())
      .when(concludes())
      .then({
        type: 'ScreeningConcluded',
        conclusion: 'indicated',
        by: 'p1',
        pathway: 'trafficking',
      }));
  it('may differ from the result only with a reason', () => {
    given(...recorded())
      .when(concludes({ conclusion: 'not-indicated' }))
      .refused('reason-needed', 'reason');
    const file = given(...recorded())
      .when(concludes({ conclusion: 'insufficient', reason: 'a-reason' }))
      .state();
    expect(screeningIn(file)).toMatchObject({
      state: 'concluded',
      conclusion: 'insufficient',
      reason: 'a-reason',
    });
    expect(screeningIn(file).evaluation?.result).toBe('indicated');
  });
  it('leads a person who was exploited but not trafficked to labour rights', () =>
    given(...recorded())
      .when(concludes({ conclusion: 'not-indicated', reason: 'no-means' }))
      .then({ type: 'ScreeningConcluded', pathway: 'labour-rights' }));
  it.each<[pathway: string, conclusion: Conclusion['conclusion'], positive: string[]]>([
    ['labour-rights', 'not-indicated', ['exploitation']],
    ['none', 'not-indicated', ['means']],
    ['none', 'not-indicated', []],
    ['none', 'insufficient', ['exploitation']],
  ])(
    'leads to "%s" when it is "%s" and these dimensions are positive: %j',
    (pathway, conclusion, positive) => {
      const [screening] = given(...recorded())
        .when(concludes())
        .state().screenings;
      if (!screening?.evaluation) throw new Error('no evaluated screening');
      const dimensions = ['exploitation', 'means'].map((dimension) => ({
        dimension,
        positive: positive.includes(dimension),
        strong: 0,
        medium: 0,
        weak: 0,
      }));
      const evaluation = { ...screening.evaluation, dimensions };
      const decision = conclude(
        { ...screening, state: 'recorded', evaluation },
        { ...how, conclusion, reason: 'a-reason' },
      );
      expect(decision).toMatchObject({ events: [{ pathway }] });
    },
  );
  it('is made once, for an evaluated screening of this file', () => {
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

describe('a read of a screening', () => {
  const reader = (more: Partial<Reader> = {}): Reader => ({
    organisation: 'authority',
    person: 'p2',
    purpose: 'identification-decision',
    isAuthority: true,
    permitted: true,
    at: noon,
    ...more,
  });
  const reads = (more: Partial<Reader> = {}) => on((one) => readScreening(one, reader(more)));
  const own = { organisation: 'helpline', isAuthority: false };

  it('by the competent authority is based on the recorded basis', () =>
    given(...recorded())
      .when(reads())
      .then({ type: 'ScreeningRead', organisation: 'authority', basis: 'permission' }));
  it('by the organisation that screened is based on its own record, also after a withdrawal', () =>
    given(...recorded())
      .when(reads({ ...own, permitted: false, purpose: 'accommodation' }))
      .then({ type: 'ScreeningRead', organisation: 'helpline', basis: 'own-record' }));
  it('by another organisation is answered as if the screening did not exist', () =>
    given(...recorded())
      .when(reads({ organisation: 'shelter', isAuthority: false }))
      .refused('not-found', 'screening_id'));
  it('changes nothing', () => {
    const once = given(...recorded()).when(reads());
    expect(screeningIn(once.state())).toMatchObject({
      state: 'recorded',
      evaluation: { result: 'indicated' },
    });
    once.and(reads()).then('ScreeningRead');
  });
  it('by the authority is for its decision only', () =>
    given(...recorded())
      .when(reads({ purpose: 'criminal-proceedings' }))
      .refused('no-basis', 'purpose'));
  it('by the authority needs a valid permission', () =>
    given(...recorded())
      .when(reads({ permitted: false }))
      .refused('no-basis', 'purpose'));
  it('by the authority is possible after a withdrawal when the basis is not a permission', () =>
    given(...recorded({ basis: 'statute' }))
      .when(reads({ permitted: false }))
      .then({ type: 'ScreeningRead', basis: 'statute' }));
  it('must be allowed to an organisation that concludes the screening', () => {
    const how: Conclusion = {
      conclusion: 'indicated',
      reason: undefined,
      noteId: undefined,
      by: 'p2',
    };
    const concludes = (more: Partial<Reader> = {}) =>
      on((one) => concludeAs(one, reader(more), how));
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
