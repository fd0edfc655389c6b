import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { agreeAppointment } from './appointment.ts';
import { awaitDelivery } from './await-delivery.ts';
import type { PlacesEvent } from './events.ts';
import { resizeHold } from './holding.ts';
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
  inHours,
  mine,
  missed,
  noon,
  ofCaseload,
  slot,
  started,
  unitAt,
} from './places.fixture.ts';
import { evolvePlaces, type Places } from './places.ts';
import { assignWorker } from './worker.ts';

const { given } = specification<Places, PlacesEvent>(evolvePlaces);
const awaiting =
  (withinHours: number, isReminder = false) =>
  (places: Places) =>
    awaitDelivery(places, mine, { by: inHours(withinHours), isReminder });

describe('after everybody agreed to a confirmed place', () => {
  it.each([
    ['count', count(4), ['1']],
    ['appointments', book(slot(1)), [unitAt(1)]],
    ['caseload', caseload(4), ['1']],
  ])('a service that declared %s has a time by which it acts', (_kind, declared, units) => {
    const after = given(declares(declared), confirmed('mine', units)).when(awaiting(5));
    after.then({
      type: 'DeliveryAwaited',
      holdId: mine,
      awaited: { by: inHours(5), isReminder: false },
    });
    expect(holdAfter(after.state())).toEqual({
      status: 'confirmed',
      holdId: mine,
      terms: expect.anything(),
      unitIds: units,
      awaited: { by: inHours(5), isReminder: false },
    });
  });

  it('a reminder keeps the time, and is visible at the hold', () => {
    const after = given(declares(caseload(4)), confirmed('mine', ['1']), awaited('mine', 5)).when(
      awaiting(5, true),
    );
    expect(holdAfter(after.state())).toMatchObject({
      awaited: { by: inHours(5), isReminder: true },
    });
  });

  it.each([false, true])(
    'the same time is awaited once, also where it is a reminder: %s',
    (isReminder) =>
      given(declares(caseload(4)), confirmed('mine', ['1']), awaited('mine', 5, isReminder))
        .when(awaiting(5, isReminder))
        .ignored('already-awaited'),
  );

  it('a reminder that is followed by the first agreement for the same time is replaced by it', () =>
    given(declares(caseload(4)), confirmed('mine', ['1']), awaited('mine', 5, true))
      .when(awaiting(5))
      .then({ type: 'DeliveryAwaited', awaited: { by: inHours(5), isReminder: false } }));

  it.each([
    [5, 6, false],
    [6, 5, false],
    [5, 6, true],
  ])('another time replaces the one before: %s h, then %s h', (first, second, isReminder) =>
    given(declares(caseload(4)), confirmed('mine', ['1']), awaited('mine', first, isReminder))
      .when(awaiting(second, isReminder))
      .then({ type: 'DeliveryAwaited', awaited: { by: inHours(second), isReminder } }),
  );

  it('an agreed appointment ends the wait, and needs no other agreement to be moved', () => {
    const first = given(declares(count(4)), confirmed('mine', ['1']), awaited('mine', 5)).when(
      (places) => agreeAppointment(places, mine, inHours(1), noon),
    );
    expect(holdAfter(first.state())).toEqual({
      status: 'confirmed',
      holdId: mine,
      terms: expect.anything(),
      unitIds: ['1'],
      appointment: inHours(1),
    });
    first
      .and((places) => agreeAppointment(places, mine, inHours(2), noon))
      .then({ type: 'AppointmentAgreed', at: inHours(2) });
  });

  it('the service of a worker ends the wait', () => {
    const begun = given(declares(caseload(4)), confirmed('mine', ['1']), awaited('mine', 5)).when(
      (places) =>
        assignWorker(places, mine, { workerId: 'ana', isLate: false }, ofCaseload(), noon),
    );
    expect(holdAfter(begun.state())).not.toHaveProperty('awaited');
  });

  it('a smaller party changes nothing about the wait', () => {
    const smaller = given(
      declares(count(4)),
      confirmed('mine', ['1', '2']),
      awaited('mine', 5),
    ).when((places) => resizeHold(places, mine, 1));
    expect(holdAfter(smaller.state())).toMatchObject({
      unitIds: ['1'],
      awaited: { by: inHours(5), isReminder: false },
    });
  });

  it('nothing is awaited for another hold of the service', () => {
    const after = given(
      declares(count(4)),
      confirmed('mine', ['1']),
      confirmed('other', ['2']),
      awaited('other', 3),
      confirmed('third', ['3']),
      awaited('third', 4),
      agreed('third', 4, ['3']),
    ).when(awaiting(5));
    expect(holdAfter(after.state(), 'other')).toMatchObject({ awaited: { by: inHours(3) } });
    expect(holdAfter(after.state(), 'third')).toMatchObject({ appointment: inHours(4) });
  });
});

describe('after an appointment was missed', () => {
  const past = [
    declares(book(slot(1), slot(2))),
    confirmed('mine', [unitAt(1)]),
    awaited('mine', 5),
    agreed('mine', 1, [unitAt(1)]),
  ];

  it.each([
    ['and was recorded as missed', [missed('mine')]],
    ['and nobody recorded it', []],
  ])('another is awaited: %s', (_how, more) => {
    const again = given(...past, ...more).when(awaiting(9));
    expect(holdAfter(again.state())).toEqual({
      status: 'confirmed',
      holdId: mine,
      terms: expect.anything(),
      unitIds: [unitAt(1)],
      awaited: { by: inHours(9), isReminder: false },
    });
    again.and(awaiting(9)).ignored('already-awaited');
    again
      .and((places) => agreeAppointment(places, mine, inHours(2), inHours(1.5)))
      .then({ type: 'AppointmentAgreed', at: inHours(2), unitIds: [unitAt(2)] });
  });
});

describe('nothing is awaited of a service', () => {
  it.each([
    ['no-such-hold', confirmed('other', ['1'])],
    ['not-confirmed', held('mine', ['1'])],
    ['already-started', started('mine', ['1'])],
  ])('where its hold is of another status: %s', (reason, event) =>
    given(declares(count(4)), event)
      .when(awaiting(5))
      .ignored(reason),
  );
});
