import { describe, expect, it } from 'vitest';
import { type Conclusion, conclude, concludeAs, type Reader, readScreening } from './concluding.ts';
import { begun, given, noon, on, recorded, screeningIn } from './screening.fixture.ts';
import { evolveScreening } from './screening.ts';
import { pauseScreening } from './session.ts';

it('a conclusion of what was never weighed is a fault, and makes no state', () => {
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

describe('concluding', () => {
  const how: Conclusion = {
    conclusion: 'indicated',
    reason: undefined,
    noteId: undefined,
    by: 'p1',
  };
  const concludes = (more: Partial<Conclusion> = {}, id = 's1') =>
    on((one) => conclude(one, { ...how, ...more }), id);

  it('is done by a human, who may agree without a word', () =>
    given(...recorded())
      .when(concludes())
      .then({
        type: 'ScreeningConcluded',
        conclusion: 'indicated',
        by: 'p1',
        pathway: 'trafficking',
      }));
  it('may differ from the indicators only with a reason', () => {
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
  it('leads who was exploited and not trafficked to those who see to the rights of workers', () =>
    given(...recorded())
      .when(concludes({ conclusion: 'not-indicated', reason: 'no-means' }))
      .then({ type: 'ScreeningConcluded', pathway: 'labour-rights' }));
  it.each<[road: string, conclusion: Conclusion['conclusion'], positive: string[]]>([
    ['labour-rights', 'not-indicated', ['exploitation']],
    ['none', 'not-indicated', ['means']],
    ['none', 'not-indicated', []],
    ['none', 'insufficient', ['exploitation']],
  ])(
    'leads to "%s" where it is "%s" and these dimensions are positive: %j',
    (pathway, conclusion, positive) => {
      const [screening] = given(...recorded())
        .when(concludes())
        .state().screenings;
      if (!screening?.evaluation) throw new Error('a screening that was weighed');
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
  it('changes nothing of it', () => {
    const once = given(...recorded()).when(reads());
    expect(screeningIn(once.state())).toMatchObject({
      state: 'recorded',
      evaluation: { result: 'indicated' },
    });
    once.and(reads()).then('ScreeningRead');
  });
  it('by the authority is for its decision and nothing else', () =>
    given(...recorded())
      .when(reads({ purpose: 'criminal-proceedings' }))
      .refused('no-basis', 'purpose'));
  it('by the authority needs a valid permission', () =>
    given(...recorded())
      .when(reads({ permitted: false }))
      .refused('no-basis', 'purpose'));
  it('by the authority goes on where the basis is not a permission', () =>
    given(...recorded({ basis: 'statute' }))
      .when(reads({ permitted: false }))
      .then({ type: 'ScreeningRead', basis: 'statute' }));
  it('is needed to conclude: by those who screened, or by an authority that may read', () => {
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
