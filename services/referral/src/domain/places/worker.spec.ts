import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import type { PlacesEvent } from './events.ts';
import {
  awaited,
  caseload,
  confirmed,
  count,
  declares,
  held,
  holdAfter,
  mine,
  noon,
  ofCaseload,
  started,
} from './places.fixture.ts';
import { evolvePlaces, type Places } from './places.ts';
import { assignWorker } from './worker.ts';

const { given } = specification<Places, PlacesEvent>(evolvePlaces);
const assigning = (workerId: string) => (places: Places) =>
  assignWorker(places, mine, { workerId, isLate: false }, ofCaseload(), noon);

describe('a worker who takes up a case', () => {
  it('begins the service with the units of the hold', () => {
    const assigned = given(
      declares(caseload(9)),
      confirmed('mine', ['4', '5']),
      awaited('mine', 5),
    ).when(assigning('ana'));
    assigned.then({
      type: 'ServiceBegun',
      workerId: 'ana',
      terms: ofCaseload({ places: 2 }),
      unitIds: ['4', '5'],
    });
    expect(holdAfter(assigned.state())).toMatchObject({ status: 'started', workerId: 'ana' });
    assigned.and(assigning('ana')).ignored('already-assigned');
  });

  it('replaces another one, and the hold keeps its units', () => {
    const other = started('other', ['2'], {}, 'ana');
    const replaced = given(declares(caseload(9)), started('mine', ['1'], {}, 'ana'), other).when(
      assigning('ben'),
    );
    replaced.then({ type: 'WorkerReplaced', holdId: mine, workerId: 'ben' });
    expect(holdAfter(replaced.state())).toMatchObject({ workerId: 'ben', unitIds: ['1'] });
    expect(holdAfter(replaced.state(), 'other')).toMatchObject({ workerId: 'ana' });
  });

  it('is named also after the reminder', () =>
    given(
      declares(caseload(9)),
      confirmed('mine', ['4']),
      awaited('mine', 5),
      awaited('mine', 5, true),
    )
      .when(assigning('ana'))
      .then('ServiceBegun'));

  it('is not named before the person agreed, also where the worker has no room', () =>
    given(declares(caseload(9, 1)), started('other', ['1'], {}, 'ana'), confirmed('mine', ['4']))
      .when(assigning('ana'))
      .refused('person-not-agreed', 'hold_id'));

  it('takes up a case that began without a worker', () =>
    given(declares(caseload(9)), started('mine', ['1']))
      .when(assigning('ben'))
      .then({ type: 'WorkerReplaced', workerId: 'ben' }));

  it.each([
    ['not-held', declares(caseload(9))],
    ['not-confirmed', held('mine', ['1'])],
    ['person-not-agreed', confirmed('mine', ['1'])],
    ['no-caseload-here', declares(count(9))],
  ])('is refused by the name of the field of the hold: %s', (refusal, event) => {
    const isConfirmed = refusal === 'no-caseload-here' ? [confirmed('mine', ['1'])] : [];
    given(declares(caseload(9)), ...isConfirmed, event)
      .when(assigning('ana'))
      .refused(refusal, 'hold_id');
  });
});

describe('the limit of a worker', () => {
  const two = started('other', ['1', '2'], {}, 'ana');

  it('counts people, not holds', () => {
    given(declares(caseload(9, 2)), two, confirmed('mine', ['3']), awaited('mine', 5))
      .when(assigning('ana'))
      .refused('caseload-full', 'worker_id');
    given(declares(caseload(9, 3)), two, confirmed('mine', ['3']), awaited('mine', 5))
      .when(assigning('ana'))
      .then('ServiceBegun');
  });

  it('holds also for a worker who would replace another', () =>
    given(declares(caseload(9, 2)), two, started('mine', ['3'], {}, 'ben'))
      .when(assigning('ana'))
      .refused('caseload-full', 'worker_id'));

  it('is not reached by the cases of other workers, or of none', () =>
    given(
      declares(caseload(9, 1)),
      started('other', ['1'], {}, 'ben'),
      started('third', ['2']),
      confirmed('fourth', ['4']),
      confirmed('mine', ['3']),
      awaited('mine', 5),
    )
      .when(assigning('ana'))
      .then('ServiceBegun'));

  it('does not keep a large party from every worker', () =>
    given(declares(caseload(9, 1)), confirmed('mine', ['3', '4']), awaited('mine', 5))
      .when(assigning('ana'))
      .then('ServiceBegun'));

  it('does not exist where none is declared', () =>
    given(declares(caseload(9)), two, confirmed('mine', ['3']), awaited('mine', 5))
      .when(assigning('ana'))
      .then('ServiceBegun'));

  it('is no reason to refuse the same worker again', () =>
    given(declares(caseload(9, 1)), started('mine', ['1'], {}, 'ana'))
      .when(assigning('ana'))
      .ignored('already-assigned'));

  it('takes up a case late, after the hold was released: with a free unit, or over the limit', () => {
    const late = (places: Places) =>
      assignWorker(places, mine, { workerId: 'ana', isLate: true }, ofCaseload(), noon);
    given(declares(caseload(1)))
      .when(late)
      .then({ type: 'ServiceBegun', workerId: 'ana', unitIds: ['1'] });
    given(declares(caseload(1)), started('other', ['1']))
      .when(late)
      .then({ type: 'ServiceBegun', workerId: 'ana', unitIds: [`over-${mine}/1`] });
  });
});
