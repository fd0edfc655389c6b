import { type Instant, instant } from '@opennrm/runtime/decision';
import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import {
  type CaseReference,
  conclude,
  evolve,
  HUMAN_ONLY,
  type IdentificationEvent,
  type IdentificationFile,
  type Reader,
  readScreening,
  recordScreening,
  type ScreeningRequest,
} from './identification-file.ts';
import type { IndicatorList } from './indicator-list.ts';

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
const lists = new Map([[list.id, list]]);

const seen = (...indicators: string[]) => indicators.map((indicator) => ({ indicator, presence: 'present' as const }));
const request = (more: Partial<ScreeningRequest> = {}): ScreeningRequest => ({
  ...{ screeningId: 's1', caseReference: 'c1' as CaseReference, ownerOrg: 'helpline', list: 'small', age: 'adult' },
  ...{ answers: seen('one', 'two'), basis: 'permission', at: noon, ...more },
});
const record =
  (more: Partial<ScreeningRequest> = {}) =>
  (file: IdentificationFile | undefined) =>
    recordScreening(file, request(more), lists);

function recorded(more: Partial<ScreeningRequest> = {}): IdentificationEvent {
  const decision = record(more)(undefined);
  const event = decision.kind === 'accepted' ? decision.events[0] : undefined;
  if (!event) throw new Error('the screening was not recorded');
  return event;
}

describe('recording a screening', () => {
  it('weighs the answers and keeps the version of the list', () =>
    given()
      .when(record())
      .then({ type: 'ScreeningRecorded', listVersion: '1', weighed: { result: 'indicated' } as never }));

  it('concludes nothing by itself', () => {
    const file = given().when(record()).state();
    expect(file.screenings.map(({ state }) => state)).toEqual(['recorded']);
  });

  it('takes a second screening of the same person', () =>
    given(recorded())
      .when(record({ screeningId: 's2', answers: [] }))
      .then({ type: 'ScreeningRecorded', weighed: { result: 'not-indicated' } as never }));

  it('takes no screening twice', () => given(recorded()).when(record()).refused('already-exists', 'screening_id'));

  it('takes no list that the country does not have', () =>
    given()
      .when(record({ list: 'of-another-country' }))
      .refused('unknown-list', 'list'));

  it('takes no indicator that the list does not have', () =>
    given()
      .when(record({ answers: seen('one', 'three') }))
      .refused('unknown-indicator', 'answers'));

  it('takes no indicator twice: it would count double', () =>
    given()
      .when(record({ answers: seen('one', 'one') }))
      .refused('indicator-twice', 'answers'));

  it('ends at twenty screenings of one person', () => {
    const twenty = Array.from({ length: 20 }, (_, n) => recorded({ screeningId: `s${n}` }));
    given(...twenty)
      .when(record({ screeningId: 'one-more' }))
      .refused('too-many-screenings', 'case_reference');
    given(...twenty.slice(1))
      .when(record({ screeningId: 'one-more' }))
      .then('ScreeningRecorded');
  });

  it('leaves to a human what no verified list covers', () =>
    given()
      .when(record({ list: HUMAN_ONLY, answers: [] }))
      .then({ type: 'ScreeningRecorded', listVersion: 'none', weighed: { rule: 'human-only' } as never }));

  it('takes no indicators where there is no list', () =>
    given()
      .when(record({ list: HUMAN_ONLY }))
      .refused('unknown-indicator', 'answers'));
});

describe('concluding', () => {
  const how = { screeningId: 's1', conclusion: 'indicated', reason: undefined, noteId: undefined, by: 'p1' } as const;

  it('is done by a human, who may agree without a word', () =>
    given(recorded())
      .when((file) => conclude(file, how))
      .then({ type: 'ScreeningConcluded', conclusion: 'indicated', by: 'p1' }));

  it('may differ from the indicators only with a reason', () => {
    const differing = { ...how, conclusion: 'not-indicated' } as const;
    given(recorded())
      .when((file) => conclude(file, differing))
      .refused('reason-needed', 'reason');
    given(recorded())
      .when((file) => conclude(file, { ...differing, reason: 'explained-otherwise' }))
      .then({ type: 'ScreeningConcluded', conclusion: 'not-indicated', reason: 'explained-otherwise' });
  });

  it('leaves what the indicators said as it was', () => {
    const file = given(recorded())
      .when((it) => conclude(it, { ...how, conclusion: 'insufficient', reason: 'a-reason' }))
      .state();
    expect(file.screenings[0]).toMatchObject({ state: 'concluded', conclusion: 'insufficient', reason: 'a-reason' });
    expect(file.screenings[0]?.weighed.result).toBe('indicated');
  });

  it('is done once', () => {
    const concluded: IdentificationEvent = { type: 'ScreeningConcluded', ...how };
    given(recorded(), concluded)
      .when((file) => conclude(file, how))
      .refused('already-concluded', 'screening_id');
  });

  it('needs a screening of this file', () =>
    given(recorded())
      .when((file) => conclude(file, { ...how, screeningId: 'another' }))
      .refused('not-found', 'screening_id'));
});

describe('reading a screening', () => {
  const reader = (more: Partial<Reader> = {}): Reader => ({
    ...{ organisation: 'authority', person: 'p2', purpose: 'identification-decision', isAuthority: true },
    ...{ permissionWithdrawn: false, at: noon, ...more },
  });
  const reads =
    (more: Partial<Reader> = {}, screeningId = 's1') =>
    (file: IdentificationFile) =>
      readScreening(file, screeningId, reader(more));
  const own = { organisation: 'helpline', isAuthority: false };

  it('by the competent authority stands on the basis that was recorded', () =>
    given(recorded()).when(reads()).then({ type: 'ScreeningRead', organisation: 'authority', basis: 'permission' }));

  it('by the organisation that screened is reading its own record, also after a withdrawal', () =>
    given(recorded())
      .when(reads({ ...own, permissionWithdrawn: true, purpose: 'accommodation' }))
      .then({ type: 'ScreeningRead', organisation: 'helpline', basis: 'own-record' }));

  it('by anybody else is not possible: the screening does not exist for them', () =>
    given(recorded())
      .when(reads({ organisation: 'shelter', isAuthority: false }))
      .refused('not-found', 'screening_id'));

  it('by the authority is for its decision and nothing else', () =>
    given(recorded())
      .when(reads({ purpose: 'criminal-proceedings' }))
      .refused('no-basis', 'purpose'));

  it('by the authority ends when the permission is taken back', () =>
    given(recorded())
      .when(reads({ permissionWithdrawn: true }))
      .refused('no-basis', 'purpose'));

  it('by the authority goes on where the basis is not a permission', () =>
    given(recorded({ basis: 'statute' }))
      .when(reads({ permissionWithdrawn: true }))
      .then({ type: 'ScreeningRead', basis: 'statute' }));

  it('changes nothing of the file', () => {
    const before = evolve(undefined, recorded());
    expect(given(recorded()).when(reads()).state()).toEqual(before);
  });
});
