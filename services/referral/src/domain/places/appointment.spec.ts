import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { agreeAppointment, recordMissed } from './appointment.ts';
import { awaitDelivery } from './await-delivery.ts';
import type { PlacesEvent } from './events.ts';
import { requestHold, resizeHold } from './holding.ts';
import {
  agreed,
  awaited,
  book,
  caseload,
  confirmed,
  count,
  declares,
  held,
  holdAfter,
  holdId,
  inHours,
  mine,
  noon,
  ofBook,
  slot,
  started,
  unitAt,
} from './places.fixture.ts';
import { evolvePlaces, type Places } from './places.ts';

const { given } = specification<Places, PlacesEvent>(evolvePlaces);
const agreeing =
  (hour: number, now = noon) =>
  (places: Places) =>
    agreeAppointment(places, mine, inHours(hour), now);
const awaiting = (places: Places) =>
  awaitDelivery(places, mine, { by: inHours(9), isReminder: false });
const missing =
  (now = noon) =>
  (places: Places) =>
    recordMissed(places, mine, 'unwell', now);

describe('an appointment of a declared count', () => {
  const past = [declares(count(4)), confirmed('mine', ['3']), awaited('mine', 5)];

  it('is at any future time, and the hold keeps its units', () => {
    const first = given(...past).when(agreeing(1));
    first.then({ type: 'AppointmentAgreed', at: inHours(1), unitIds: ['3'] });
    expect(holdAfter(first.state())).toMatchObject({
      status: 'confirmed',
      appointment: inHours(1),
      unitIds: ['3'],
    });
  });

  it('is not now or in the past', () => {
    given(...past)
      .when(agreeing(0))
      .refused('appointment-in-the-past', 'at');
    given(...past)
      .when(agreeing(-1))
      .refused('appointment-in-the-past', 'at');
  });

  it('is ignored the second time, also after its time', () => {
    const first = given(...past).when(agreeing(1));
    first.and(agreeing(1)).ignored('already-agreed');
    first.and(agreeing(1, inHours(2))).ignored('already-agreed');
  });

  it('can be agreed again for another time', () => {
    const second = given(...past)
      .when(agreeing(1))
      .and(agreeing(2));
    expect(holdAfter(second.state())).toMatchObject({ appointment: inHours(2) });
  });

  it('that was missed is removed, and the hold keeps its units', () => {
    const second = given(...past, agreed('mine', 1, ['3'])).when(missing());
    second.then({ type: 'AppointmentMissed', holdId: mine, code: 'unwell' });
    expect(holdAfter(second.state())).toEqual({
      holdId: mine,
      status: 'confirmed',
      terms: expect.anything(),
      unitIds: ['3'],
    });
    second.and(agreeing(1)).refused('person-not-agreed', 'hold_id');
    second.and(awaiting).and(agreeing(1)).then('AppointmentAgreed');
  });

  it.each([1, 1.5])(
    'cannot be agreed again until it is recorded, once its time has passed: %s h',
    (hour) => {
      const isAgreed = given(...past, agreed('mine', 1, ['3']));
      isAgreed.when(agreeing(2, inHours(hour))).refused('appointment-not-recorded', 'hold_id');
      isAgreed.when(agreeing(0.5, inHours(hour))).refused('appointment-not-recorded', 'hold_id');
      isAgreed
        .when(missing(inHours(hour)))
        .and(awaiting)
        .and(agreeing(2, inHours(hour)))
        .then({ type: 'AppointmentAgreed', at: inHours(2) });
    },
  );

  it('can be moved until its time, also in the last quarter of an hour', () =>
    given(...past, agreed('mine', 1, ['3']))
      .when(agreeing(2, inHours(0.75)))
      .then({ type: 'AppointmentAgreed', at: inHours(2) }));

  it('changes no other hold', () => {
    const second = given(...past, confirmed('other', ['1']), agreed('other', 3, ['1']))
      .when(agreeing(1))
      .and(missing());
    expect(holdAfter(second.state(), 'other')).toMatchObject({ appointment: inHours(3) });
  });
});

describe('an appointment of an appointment book', () => {
  const isBook = declares(book(slot(1, 2), slot(2, 2), slot(3)));
  const past = [isBook, confirmed('mine', [unitAt(1, 1), unitAt(1, 2)]), awaited('mine', 5)];

  it('keeps the units of the hold where it is in their slot', () =>
    given(...past)
      .when(agreeing(1))
      .then({ type: 'AppointmentAgreed', unitIds: [unitAt(1, 1), unitAt(1, 2)] }));

  it('in another slot moves the whole party there, and frees the units of the first one', () => {
    const moved = given(...past).when(agreeing(2));
    moved.then({ type: 'AppointmentAgreed', unitIds: [unitAt(2, 1), unitAt(2, 2)] });
    moved
      .and((places) => requestHold(places, holdId('other'), ofBook({ places: 2 }), noon))
      .then({ type: 'UnitsHeld', unitIds: [unitAt(1, 1), unitAt(1, 2)] });
  });

  it('gives the lowest units that are free in its slot', () =>
    given(isBook, confirmed('mine', [unitAt(3)]), awaited('mine', 5), held('other', [unitAt(2, 1)]))
      .when(agreeing(2))
      .then({ type: 'AppointmentAgreed', unitIds: [unitAt(2, 2)] }));

  it('is at no time that is not declared', () =>
    given(...past)
      .when(agreeing(4))
      .refused('no-such-slot', 'at'));

  it('is not in a slot that has begun, also where the hold keeps units of it', () =>
    given(...past)
      .when(agreeing(1, inHours(1)))
      .refused('appointment-in-the-past', 'at'));

  it('is not moved to another slot after its own has begun, whichever time is asked for', () => {
    const passed = given(...past, agreed('mine', 1, [unitAt(1, 1), unitAt(1, 2)]));
    for (const hour of [2, 3, 4])
      passed.when(agreeing(hour, inHours(1))).refused('appointment-not-recorded', 'hold_id');
  });

  it('is not in a slot with fewer free places than the party has people', () => {
    given(...past)
      .when(agreeing(3))
      .refused('slot-taken', 'at');
    given(...past, started('other', [unitAt(2, 1)]))
      .when(agreeing(2))
      .refused('slot-taken', 'at');
  });

  it('is not in a slot that was declared with fewer places than are kept there', () =>
    given(
      isBook,
      confirmed('mine', [unitAt(3)]),
      awaited('mine', 5),
      confirmed('other', [unitAt(2, 2)]),
      declares(book(slot(2, 1), slot(3))),
    )
      .when(agreeing(2))
      .refused('slot-taken', 'at'));

  it('stays possible in the slot of the hold, where fewer places were declared since', () =>
    given(
      isBook,
      confirmed('mine', [unitAt(2, 2)]),
      awaited('mine', 5),
      confirmed('other', [unitAt(2, 1)]),
      declares(book(slot(2, 1))),
    )
      .when(agreeing(2))
      .then({ type: 'AppointmentAgreed', unitIds: [unitAt(2, 2)] }));

  it('that the person cancelled before its time frees the slot, and the place stays confirmed', () => {
    const cancelled = given(...past, agreed('mine', 1, [unitAt(1, 1), unitAt(1, 2)])).when(
      missing(),
    );
    cancelled.then(
      { type: 'AppointmentMissed', code: 'unwell' },
      {
        type: 'HoldMoved',
        unitIds: ['over-mine/1', 'over-mine/2'],
      },
    );
    expect(holdAfter(cancelled.state())).toMatchObject({ status: 'confirmed' });
    cancelled
      .and((places) => requestHold(places, holdId('other'), ofBook({ places: 2 }), noon))
      .then({ type: 'UnitsHeld', unitIds: [unitAt(1, 1), unitAt(1, 2)] });
    cancelled
      .and(awaiting)
      .and(agreeing(1))
      .then({ type: 'AppointmentAgreed', unitIds: [unitAt(1, 1), unitAt(1, 2)] });
    cancelled
      .and((places) => resizeHold(places, mine, 1))
      .and(awaiting)
      .and(agreeing(3))
      .then({ type: 'AppointmentAgreed', unitIds: [unitAt(3, 1)] });
  });

  it.each([1, 1.5])('that was missed keeps its units until another is agreed: %s h', (hour) => {
    const after = given(...past, agreed('mine', 1, [unitAt(1, 1), unitAt(1, 2)])).when(
      missing(inHours(hour)),
    );
    after.then('AppointmentMissed');
    expect(holdAfter(after.state())).toMatchObject({ unitIds: [unitAt(1, 1), unitAt(1, 2)] });
    after
      .and(awaiting)
      .and(agreeing(2, inHours(hour)))
      .then({ type: 'AppointmentAgreed', unitIds: [unitAt(2, 1), unitAt(2, 2)] });
  });

  it('that was missed is not missed again', () =>
    given(...past, agreed('mine', 1, [unitAt(1, 1), unitAt(1, 2)]))
      .when(missing())
      .and(missing())
      .refused('no-appointment', 'hold_id'));
});

describe('the refusals of an appointment', () => {
  it.each([
    ['not-held', declares(count(1)), 'hold_id'],
    ['not-confirmed', held('mine', ['1']), 'hold_id'],
    ['person-not-agreed', confirmed('mine', ['1']), 'hold_id'],
    ['already-started', started('mine', ['1']), 'hold_id'],
  ] as const)('name the field of the hold: %s', (refusal, event, field) => {
    given(declares(count(1)), event)
      .when(agreeing(1))
      .refused(refusal, field);
  });

  it.each([
    ['the person agreed', [awaited('mine', 5)]],
    ['the person has not agreed', []],
  ])('name the hold where the service has a caseload: %s', (_when, events) =>
    given(declares(caseload(1)), confirmed('mine', ['1']), ...events)
      .when(agreeing(1))
      .refused('no-appointments-here', 'hold_id'),
  );

  it.each([
    ['not-held', declares(count(1))],
    ['no-appointment', held('mine', ['1'])],
    ['no-appointment', confirmed('mine', ['1'])],
    ['already-started', started('mine', ['1'])],
  ])('name the hold where nothing can be missed: %s', (refusal, event) => {
    given(declares(count(1)), event)
      .when(missing())
      .refused(refusal, 'hold_id');
  });
});
