import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { agreeAppointment } from './appointment.ts';
import { awaitDelivery } from './await-delivery.ts';
import { declarePlaces } from './declare.ts';
import type { Declared } from './declared.ts';
import type { PlacesEvent } from './events.ts';
import { confirmHold, requestHold } from './holding.ts';
import {
  book,
  caseload,
  confirmed,
  count,
  declares,
  held,
  holdId,
  inHours,
  mine,
  noon,
  ofBook,
  organisationId,
  serviceId,
  slot,
  started,
  terms,
  unitAt,
} from './places.fixture.ts';
import { evolvePlaces, type Places } from './places.ts';
import { freeUnits } from './units.ts';

const { given } = specification<Places, PlacesEvent>(evolvePlaces);
const declaring = (declared: Declared) => (places: Places | undefined) =>
  declarePlaces(places, { serviceId, organisationId, declared }, noon);

describe('the first declaration of a service', () => {
  it.each([count(3), book(slot(1), slot(2, 5)), caseload(20), caseload(20, 5), count(0), book()])(
    'names the service, its organisation and its places: %j',
    (declared) => {
      const first = given().when(declaring(declared));
      first.then('PlacesDeclared');
      expect(first.state()).toEqual({
        serviceId,
        organisationId,
        declared,
        holds: [],
        timesUntil: noon,
      });
    },
  );

  it('sorts the slots of an appointment book', () =>
    given()
      .when(declaring(book(slot(3), slot(1), slot(2))))
      .then({ type: 'PlacesDeclared', declared: book(slot(1), slot(2), slot(3)) }));

  it('may not have a slot that has begun', () => {
    given()
      .when(declaring(book(slot(1), slot(0))))
      .refused('slot-in-the-past', 'slots');
    given()
      .when(declaring(book(slot(-1))))
      .refused('slot-in-the-past', 'slots');
  });

  it('may not have two slots with the same start', () =>
    given()
      .when(declaring(book(slot(1, 2), slot(2), slot(1, 3))))
      .refused('slot-twice', 'slots'));

  it('has at most 500 slots', () => {
    const slots = Array.from({ length: 501 }, (_, nth) => slot(nth + 1));
    given()
      .when(declaring(book(...slots)))
      .refused('too-many-slots', 'slots');
    given()
      .when(declaring(book(...slots.slice(1))))
      .then('PlacesDeclared');
  });
});

describe('another declaration of a service', () => {
  it.each([
    ['held', held('mine', ['1'])],
    ['confirmed', confirmed('mine', ['1'])],
    ['started', started('mine', ['1'])],
  ])('may not have another kind while a hold is %s', (_status, event) => {
    for (const declared of [book(slot(1)), caseload(4)])
      given(declares(count(4)), event)
        .when(declaring(declared))
        .refused('in-use', 'declared');
  });

  it('may have another kind when no hold is live', () =>
    given(declares(count(4)), held('mine', ['1']), {
      type: 'HoldReleased',
      holdId: mine,
      code: 'asked',
    })
      .when(declaring(book(slot(1))))
      .then({ type: 'PlacesDeclared', declared: book(slot(1)) }));

  it('with fewer places than are kept releases nobody, and stops new holds', () => {
    const smaller = given(
      declares(count(4)),
      held('one', ['1']),
      confirmed('two', ['3']),
      started('three', ['4']),
    ).when(declaring(count(3)));
    smaller.then('PlacesDeclared');
    expect(smaller.state().holds).toHaveLength(3);
    expect(freeUnits(smaller.state(), noon)).toBe(0);
    smaller
      .and((places) => requestHold(places, mine, terms(), noon))
      .then({ type: 'HoldRefused', cause: 'no-free-unit' });
    smaller
      .and((places) => confirmHold(places, holdId('one'), terms(), noon))
      .then({ type: 'UnitsConfirmed', unitIds: ['1'] });
  });

  it('without the slot of a hold leaves the hold its units, and gives the slot to nobody else', () => {
    const omitted = given(
      declares(book(slot(1, 2), slot(2))),
      held('mine', [unitAt(1)], { unitKind: 'appointment' }),
    ).when(declaring(book(slot(2))));
    omitted
      .and((places) => requestHold(places, holdId('other'), ofBook(), noon))
      .then({ type: 'UnitsHeld', unitIds: [unitAt(2)] });
    omitted
      .and((places) => confirmHold(places, mine, ofBook(), noon))
      .and((places) => awaitDelivery(places, mine, { by: inHours(5), isReminder: false }))
      .and((places) => agreeAppointment(places, mine, inHours(1), noon))
      .then({ type: 'AppointmentAgreed', unitIds: [unitAt(1)] });
  });

  it('may name another organisation: whose service it is, the directory decides', () =>
    expect(
      evolvePlaces(evolvePlaces(undefined, declares(count(1))), {
        type: 'PlacesDeclared',
        at: noon,
        serviceId,
        organisationId: 'other' as Places['organisationId'],
        declared: count(1),
      }).organisationId,
    ).toBe('other'));
});
