import type { Decision, Instant } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { addApart } from './apart.ts';
import { agreeAppointment, recordMissed } from './appointment.ts';
import { awaitDelivery } from './await-delivery.ts';
import { recordKept } from './begin-service.ts';
import type { Declared } from './declared.ts';
import { endService } from './end-service.ts';
import type { PlacesEvent } from './events.ts';
import type { PlacesTerms } from './hold.ts';
import { confirmHold, releaseHold, requestHold, resizeHold } from './holding.ts';
import {
  agreed,
  awaited,
  book,
  caseload,
  confirmed,
  count,
  declares,
  held,
  inHours,
  mine,
  missed,
  noon,
  ofBook,
  ofCaseload,
  placesAfter,
  slot,
  started,
  summaryOf,
  terms,
  unitAt,
} from './places.fixture.ts';
import type { Places } from './places.ts';
import { assignWorker } from './worker.ts';

const statuses = [
  'none',
  'held',
  'confirmed',
  'awaited',
  'reminded',
  'agreed',
  'missed',
  'missed and awaited',
  'started',
  'with a worker',
] as const;
type Status = (typeof statuses)[number];

/** What has happened to a hold of two people that has this status. */
function pastOf(status: Status, units: readonly string[]): readonly PlacesEvent[] {
  const confirmation = confirmed('mine', units);
  switch (status) {
    case 'none':
      return [];
    case 'held':
      return [held('mine', units)];
    case 'confirmed':
      return [confirmation];
    case 'awaited':
      return [confirmation, awaited('mine', 5)];
    case 'reminded':
      return [confirmation, awaited('mine', 5), awaited('mine', 5, true)];
    case 'agreed':
      return [confirmation, awaited('mine', 5), agreed('mine', 1, units)];
    case 'missed':
      return pastOf('agreed', units).concat(missed('mine'));
    case 'missed and awaited':
      return pastOf('missed', units).concat(awaited('mine', 9));
    case 'started':
      return [started('mine', units)];
    case 'with a worker':
      return [started('mine', units, {}, 'ana')];
  }
}

interface Kind {
  readonly declared: Declared;
  readonly units: readonly string[];
  readonly terms: PlacesTerms;
}
const kinds: Readonly<Record<Declared['kind'], Kind>> = {
  count: { declared: count(4), units: ['1', '2'], terms: terms({ places: 2 }) },
  appointments: {
    declared: book(slot(1, 2), slot(2, 2)),
    units: [unitAt(1, 1), unitAt(1, 2)],
    terms: ofBook({ places: 2 }),
  },
  caseload: { declared: caseload(4), units: ['1', '2'], terms: ofCaseload({ places: 2 }) },
};

type Decide = (places: Places, terms: PlacesTerms) => Decision<PlacesEvent, string>;
type Expected = string | Partial<Record<Status | 'other', string>>;
const at = (hour: number): Instant => inHours(hour);
const agrees =
  (hour: number, now = noon): Decide =>
  (places) =>
    agreeAppointment(places, mine, at(hour), now);
const awaits =
  (hour: number, isReminder: boolean): Decide =>
  (places) =>
    awaitDelivery(places, mine, { by: at(hour), isReminder });
const startedAlready = 'ignored: already-started';
const whereStarted = (code: string) => ({ started: code, 'with a worker': code });

/** Each decision, with what it does in each kind of declaration and each status of the hold. */
const rows: readonly {
  readonly name: string;
  readonly decide: Decide;
  readonly expected: Readonly<Record<Declared['kind'], Expected>>;
}[] = [
  everywhere('a request', (places, one) => requestHold(places, mine, one, noon), {
    other: 'ignored: already-held',
    none: 'UnitsHeld',
  }),
  everywhere('a confirmation', (places, one) => confirmHold(places, mine, one, noon), {
    other: 'ignored: already-confirmed',
    none: 'UnitsConfirmed',
    held: 'UnitsConfirmed',
  }),
  everywhere('a release', (places) => releaseHold(places, mine, 'asked'), {
    other: 'HoldReleased',
    none: 'ignored: no-such-hold',
    ...whereStarted(startedAlready),
  }),
  everywhere('a smaller party', (places) => resizeHold(places, mine, 1), {
    other: 'HoldResized',
    none: 'ignored: no-such-hold',
    ...whereStarted(startedAlready),
  }),
  everywhere('a pair to be kept apart', (places) => addApart(places, mine, 'pair'), {
    other: 'ApartAdded',
    none: 'ignored: no-such-hold',
  }),
  {
    name: 'an appointment at the first time',
    decide: agrees(1),
    expected: {
      count: agreement({ agreed: 'ignored: already-agreed' }),
      appointments: agreement({ agreed: 'ignored: already-agreed' }),
      // Never agreed there by a rule: this only completes the table.
      caseload: noAgreement({ agreed: 'ignored: already-agreed' }),
    },
  },
  {
    name: 'an appointment at another time',
    decide: agrees(2),
    expected: {
      count: agreement({}),
      appointments: agreement({}),
      caseload: noAgreement({}),
    },
  },
  {
    name: 'an appointment at another time, after the agreed one,',
    decide: agrees(2, at(1)),
    expected: {
      count: agreement({ agreed: 'refused: appointment-not-recorded' }),
      appointments: agreement({ agreed: 'refused: appointment-not-recorded' }),
      caseload: noAgreement({}),
    },
  },
  {
    name: 'a missed appointment that has not begun',
    decide: (places) => recordMissed(places, mine, 'unwell', noon),
    expected: {
      count: miss('AppointmentMissed'),
      appointments: miss('AppointmentMissed HoldMoved'),
      caseload: miss('AppointmentMissed'),
    },
  },
  everywhere(
    'a missed appointment that has begun',
    (places) => recordMissed(places, mine, 'unwell', at(1)),
    miss('AppointmentMissed'),
  ),
  {
    name: 'a report that the person was there',
    decide: (places, one) => recordKept(places, mine, one, noon),
    expected: {
      count: { other: 'ServiceBegun', ...whereStarted(startedAlready) },
      appointments: { other: 'ServiceBegun', ...whereStarted(startedAlready) },
      caseload: 'refused: no-appointments-here',
    },
  },
  everywhere(
    'the agreement of everybody',
    awaits(5, false),
    wait({ awaited: 'ignored: already-awaited' }),
  ),
  everywhere('a reminder', awaits(5, true), wait({ reminded: 'ignored: already-awaited' })),
  everywhere(
    'the wait for another appointment',
    awaits(9, false),
    wait({ 'missed and awaited': 'ignored: already-awaited' }),
  ),
  worker('a worker', 'ana', { 'with a worker': 'ignored: already-assigned' }),
  worker('another worker', 'ben', { 'with a worker': 'WorkerReplaced' }),
  everywhere('the end of the service', (places) => endService(places, mine, 'completed'), {
    other: 'refused: not-started',
    none: 'refused: not-held',
    ...whereStarted('ServiceEnded'),
  }),
];

function everywhere(name: string, decide: Decide, expected: Expected) {
  return {
    name,
    decide,
    expected: { count: expected, appointments: expected, caseload: expected },
  };
}

function agreement(more: Expected & object): Expected {
  return {
    other: 'AppointmentAgreed',
    none: 'refused: not-held',
    held: 'refused: not-confirmed',
    confirmed: 'refused: person-not-agreed',
    missed: 'refused: person-not-agreed',
    ...whereStarted('refused: already-started'),
    ...more,
  };
}

function noAgreement(more: Expected & object): Expected {
  const other = 'refused: no-appointments-here';
  return agreement({ other, confirmed: other, missed: other, ...more });
}

function wait(more: Expected & object): Expected {
  return {
    other: 'DeliveryAwaited',
    none: 'ignored: no-such-hold',
    held: 'ignored: not-confirmed',
    ...whereStarted(startedAlready),
    ...more,
  };
}

function miss(announced: string): Expected {
  return {
    other: 'refused: no-appointment',
    none: 'refused: not-held',
    agreed: announced,
    ...whereStarted('refused: already-started'),
  };
}

function worker(name: string, workerId: string, more: Expected & object) {
  const elsewhere = { other: 'refused: no-caseload-here', none: 'refused: not-held' };
  return {
    name,
    decide: (places: Places, one: PlacesTerms) =>
      assignWorker(places, mine, { workerId, isLate: false }, one, noon),
    expected: {
      count: elsewhere,
      appointments: elsewhere,
      caseload: {
        other: 'ServiceBegun',
        none: 'refused: not-held',
        held: 'refused: not-confirmed',
        confirmed: 'refused: person-not-agreed',
        // Never agreed or missed there by a rule: this only completes the table.
        agreed: 'refused: person-not-agreed',
        missed: 'refused: person-not-agreed',
        started: 'WorkerReplaced',
        ...more,
      },
    },
  };
}

describe.each(Object.entries(kinds))(
  'where a service declared %s',
  (kind, { declared, units, ...of }) => {
    describe.each(rows)('$name', ({ decide, expected }) => {
      it.each(statuses)('for a hold that is %s does what the table of rules says', (status) => {
        const places = placesAfter(declares(declared), ...pastOf(status, units));
        const wanted = expected[kind as Declared['kind']];
        const one = typeof wanted === 'string' ? wanted : (wanted[status] ?? wanted.other);
        expect(summaryOf(decide(places, of.terms))).toBe(one);
      });
    });
  },
);
