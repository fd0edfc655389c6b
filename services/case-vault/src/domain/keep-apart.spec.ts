import { specification } from '@opennrm/testkit/pure';
import { expect, it } from 'vitest';
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

it('is only proposed by the first who asks', () =>
  given(caseOpened).when(asks('first')).then({ type: 'KeepApartProposed', pair: pair() }));

it('stands when a second person asks the same', () => {
  given(caseOpened, proposed)
    .when(asks('second'))
    .then({ type: 'KeepApartSet', pair: pair({ state: 'set' }) });
  const { apart } = given(caseOpened, proposed).when(asks('second')).state();
  expect(apart).toEqual([pair({ state: 'set' })]);
});

it('does not stand because one person asks twice', () =>
  given(caseOpened, proposed).when(asks('first')).refused('second-person-needed', 'apart_id'));

it('means two people: nobody is kept apart from themselves', () =>
  given(caseOpened).when(asks('first', caseId)).refused('same-case', 'other_case_id'));

it('means the same two people under its id', () =>
  given(caseOpened, proposed)
    .when(asks('second', 'case-3' as CaseId))
    .refused('another-pair', 'apart_id'));

it('is not set again, whoever asks', () => {
  given(caseOpened, proposed, set).when(asks('first')).ignored('already-set');
  given(caseOpened, proposed, set).when(asks('third')).ignored('already-set');
});

it('keeps several pairs of one person, each with its own second word', () => {
  const another = given(caseOpened, proposed, set).when(
    asks('second', 'case-3' as CaseId, 'pair-2'),
  );
  another.then({ type: 'KeepApartProposed' });
  expect(another.state().apart).toEqual([
    pair({ state: 'set' }),
    pair({ apartId: 'pair-2', otherCaseId: 'case-3' as CaseId, proposedBy: 'second' }),
  ]);
});
