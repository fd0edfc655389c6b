import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { caseId, caseOpened } from './case.fixture.ts';
import type { ApartPair, CaseFile, CaseId } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { keepApart } from './keep-apart.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const other = 'case-2' as CaseId;
const asks =
  (by: string, otherCaseId = other, apartId = 'pair-1') =>
  (file: CaseFile) =>
    keepApart(file, { apartId, otherCaseId, by });
const pair = (more: Partial<ApartPair> = {}): ApartPair => ({
  apartId: 'pair-1',
  otherCaseId: other,
  proposedBy: 'first',
  state: 'proposed',
  ...more,
});
const proposed: CaseFileEvent = { type: 'KeepApartProposed', pair: pair() };
const set: CaseFileEvent = { type: 'KeepApartSet', pair: pair({ state: 'set' }) };

describe('a keep-apart pair', () => {
  it('is only proposed by the first person who asks', () =>
    given(caseOpened).when(asks('first')).then({ type: 'KeepApartProposed', pair: pair() }));

  it('is set when a second person asks for the same pair', () => {
    given(caseOpened, proposed)
      .when(asks('second'))
      .then({ type: 'KeepApartSet', pair: pair({ state: 'set' }) });
    const { apart } = given(caseOpened, proposed).when(asks('second')).state();
    expect(apart).toEqual([pair({ state: 'set' })]);
  });

  it('is not set when one person asks twice', () =>
    given(caseOpened, proposed).when(asks('first')).refused('second-person-needed', 'apart_id'));

  it('is refused when both cases are the same', () =>
    given(caseOpened).when(asks('first', caseId)).refused('same-case', 'other_case_id'));

  it('is refused under an id that names another pair', () =>
    given(caseOpened, proposed)
      .when(asks('second', 'case-3' as CaseId))
      .refused('another-pair', 'apart_id'));

  it('is not set again', () => {
    given(caseOpened, proposed, set).when(asks('first')).ignored('already-set');
    given(caseOpened, proposed, set).when(asks('third')).ignored('already-set');
  });

  it('is confirmed separately for each pair of one person', () => {
    const another = given(caseOpened, proposed, set).when(
      asks('second', 'case-3' as CaseId, 'pair-2'),
    );
    another.then({ type: 'KeepApartProposed' });
    expect(another.state().apart).toEqual([
      pair({ state: 'set' }),
      pair({ apartId: 'pair-2', otherCaseId: 'case-3' as CaseId, proposedBy: 'second' }),
    ]);
  });
});
