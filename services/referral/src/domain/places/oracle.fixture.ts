import type { PlacesTerms } from './hold.ts';
import type { Input } from './inputs.fixture.ts';
import {
  areRight,
  type Entry,
  entriesOf,
  hasNewlyBegun,
  type Ledger,
  placeFor,
  placesLeftAt,
  slotOf,
  withEntry,
  without,
} from './ledger.fixture.ts';

/** The ledger after an input, and the types of the announced events or the code of the answer. */
export interface Expected {
  readonly ledger: Ledger;
  readonly answer: string;
  /** The holds for which an overlap is announced; missing where there are none. */
  readonly overlaps?: readonly string[];
}
type Of<Fields> = Extract<Input, Fields>;
type OfNeed = Of<{ readonly terms: PlacesTerms }>;

/**
 * The rules of places, written a second time as changes of a ledger. Which free units a hold gets is the choice of the domain: the oracle only
 * checks that they were free and suffice.
 * @param given the units that the domain gave to the hold, if it gave any.
 */
export function expected(
  ledger: Ledger,
  input: Input,
  now: number,
  given: readonly string[],
): Expected {
  const same = (answer: string): Expected => ({ ledger, answer });
  if (input.kind === 'declare') return declare(ledger, input, now);
  if (input.kind === 'pass time')
    return hasNewlyBegun(ledger, now)
      ? { ledger: { ...ledger, timesUntil: now }, answer: 'TimePassed' }
      : same('ignored: nothing-due');
  const { holdId: name } = input;
  const entry = ledger.entries[name];
  switch (input.kind) {
    case 'request':
      return entry
        ? same('ignored: already-held')
        : (placed(ledger, name, input.terms, 'held', now, given) ?? same('HoldRefused'));
    case 'confirm':
      return confirm(ledger, input, now, given);
    case 'release':
      if (!entry) return same('ignored: no-such-hold');
      if (entry.status === 'started') return same('ignored: already-started');
      return { ledger: without(ledger, name), answer: 'HoldReleased' };
    case 'resize': {
      const { places } = input;
      if (!entry) return same('ignored: no-such-hold');
      if (entry.status === 'started') return same('ignored: already-started');
      if (places < 1 || places >= entry.places) return same('ignored: not-smaller');
      const smaller = { ...entry, places, units: entry.units.slice(0, places) };
      return { ledger: withEntry(ledger, name, smaller), answer: 'HoldResized' };
    }
    case 'pair':
      if (!entry) return same('ignored: no-such-hold');
      if (entry.apart.includes(input.apartId)) return same('ignored: already-kept-apart');
      return overlapping(
        withEntry(ledger, name, { ...entry, apart: [...entry.apart, input.apartId] }),
        name,
        [input.apartId],
        'ApartAdded',
      );
    case 'await':
      if (!entry) return same('ignored: no-such-hold');
      if (entry.status === 'started') return same('ignored: already-started');
      if (entry.status === 'held') return same('ignored: not-confirmed');
      if (entry.awaited && isSameWait(entry.awaited, input.awaited))
        return same('ignored: already-awaited');
      return {
        ledger: withEntry(ledger, name, { ...entry, awaited: input.awaited, at: null }),
        answer: 'DeliveryAwaited',
      };
    case 'agree':
      return agree(ledger, input, now, given);
    case 'miss':
      return miss(ledger, input, now, given);
    case 'keep':
      return keep(ledger, input, now, given);
    case 'assign':
      return assign(ledger, input);
    case 'end':
      if (!entry) return same('refused: not-held');
      if (entry.status !== 'started') return same('refused: not-started');
      return { ledger: without(ledger, name), answer: 'ServiceEnded' };
  }
}

type Wait = NonNullable<Entry['awaited']>;
const isSameWait = (one: Wait, other: Wait): boolean =>
  one.by === other.by && one.isReminder === other.isReminder;

const unitKinds = { count: 'place', appointments: 'appointment', caseload: 'caseload-slot' };
const fits = ({ declared }: Ledger, unitKind: string): boolean =>
  unitKinds[declared.kind] === unitKind;

function declare(
  ledger: Ledger,
  { declared }: Of<{ readonly kind: 'declare' }>,
  now: number,
): Expected {
  const refused = (code: string): Expected => ({ ledger, answer: `refused: ${code}` });
  if (declared.kind !== ledger.declared.kind && entriesOf(ledger).length > 0)
    return refused('in-use');
  if (declared.kind !== 'appointments')
    return { ledger: { ...ledger, declared, timesUntil: now }, answer: 'PlacesDeclared' };
  const starts = declared.slots.map(({ start }): number => start).sort((a, b) => a - b);
  if (starts.some((start) => start <= now)) return refused('slot-in-the-past');
  if (starts.some((start, nth) => start === starts[nth + 1])) return refused('slot-twice');
  const slots = starts.flatMap((start) => declared.slots.filter((slot) => slot.start === start));
  const after = { ...ledger, declared: { ...declared, slots }, timesUntil: now };
  return { ledger: after, answer: 'PlacesDeclared' };
}

/** The hold with the units that it was given; undefined where none could be given. */
function placed(
  ledger: Ledger,
  name: string,
  { places, apartIds, unitKind }: PlacesTerms,
  status: 'held' | 'confirmed',
  now: number,
  given: readonly string[],
): Expected | undefined {
  const place = placeFor(ledger, places, now);
  const isApart = entriesOf(ledger).every(
    ({ apart }) => !apart.some((id) => apartIds.includes(id)),
  );
  if (place === null || !isApart || !fits(ledger, unitKind)) return undefined;
  if (!areRight(ledger, given, places, place)) return { ledger, answer: 'wrong units' };
  const basics = { status, units: given, places, apart: apartIds, unitKind };
  const entry = { ...basics, at: null, worker: null, awaited: null };
  return {
    ledger: withEntry(ledger, name, entry),
    answer: status === 'held' ? 'UnitsHeld' : 'UnitsConfirmed',
  };
}

function confirm(
  ledger: Ledger,
  { holdId: name, terms }: OfNeed,
  now: number,
  given: readonly string[],
): Expected {
  const entry = ledger.entries[name];
  if (entry && entry.status !== 'held') return { ledger, answer: 'ignored: already-confirmed' };
  const others = without(ledger, name);
  if (entry) {
    const pairs = [...entry.apart, ...terms.apartIds];
    const meets = entriesOf(others).some(
      ({ status, apart }) => status !== 'held' && apart.some((pair) => pairs.includes(pair)),
    );
    const isFuture =
      ledger.declared.kind !== 'appointments' ||
      entry.units.every((unit) => (slotOf(unit) ?? 0) > now);
    if (!meets && isFuture && fits(ledger, terms.unitKind)) {
      const kept = { ...entry, status: 'confirmed', unitKind: terms.unitKind };
      return { ledger: withEntry(ledger, name, kept), answer: 'UnitsConfirmed' };
    }
  }
  const again = placed(others, name, terms, 'confirmed', now, given);
  return again ?? { ledger: others, answer: 'UnitsUnavailable' };
}

/** Announces the overlap for the named hold and the others of these pairs. */
function overlapping(
  ledger: Ledger,
  name: string,
  pairs: readonly string[],
  announced: string,
): Expected {
  const others = Object.keys(ledger.entries).filter(
    (one) => one !== name && ledger.entries[one]?.apart.some((pair) => pairs.includes(pair)),
  );
  if (others.length === 0) return { ledger, answer: announced };
  const overlaps = [name, ...others];
  const found = overlaps.map(() => 'ApartOverlapFound').join(' ');
  return { ledger, answer: `${announced} ${found}`, overlaps };
}

function agree(
  ledger: Ledger,
  { holdId: name, at }: Of<{ readonly kind: 'agree' }>,
  now: number,
  given: readonly string[],
): Expected {
  const entry = ledger.entries[name];
  const same = (answer: string): Expected => ({ ledger, answer });
  if (!entry) return same('refused: not-held');
  if (entry.status === 'started') return same('refused: already-started');
  if (entry.status === 'held') return same('refused: not-confirmed');
  if (entry.at === at) return same('ignored: already-agreed');
  const { declared } = ledger;
  if (declared.kind === 'caseload') return same('refused: no-appointments-here');
  if (entry.at === null && entry.awaited === null) return same('refused: person-not-agreed');
  if (entry.at !== null && entry.at <= now) return same('refused: appointment-not-recorded');
  if (at <= now) return same('refused: appointment-in-the-past');
  const isOwn = declared.kind === 'count' || slotOf(entry.units[0] ?? '') === at;
  if (isOwn) {
    const isUnchanged = String(given) === String(entry.units);
    const kept = withEntry(ledger, name, { ...entry, at, awaited: null });
    return { ledger: kept, answer: isUnchanged ? 'AppointmentAgreed' : 'changed units' };
  }
  const others = without(ledger, name);
  if (!declared.slots.some(({ start }) => start === at)) return same('refused: no-such-slot');
  if (placesLeftAt(others, at) < entry.places) return same('refused: slot-taken');
  const isRight = areRight(others, given, entry.places, at);
  const moved = withEntry(ledger, name, { ...entry, at, units: given, awaited: null });
  return { ledger: moved, answer: isRight ? 'AppointmentAgreed' : 'wrong units' };
}

function miss(
  ledger: Ledger,
  { holdId: name }: Pick<Of<{ readonly holdId: string }>, 'holdId'>,
  now: number,
  given: readonly string[],
): Expected {
  const entry = ledger.entries[name];
  const same = (answer: string): Expected => ({ ledger, answer });
  if (!entry) return same('refused: not-held');
  if (entry.status === 'started') return same('refused: already-started');
  if (entry.at === null) return same('refused: no-appointment');
  const missed = { ...entry, at: null };
  if (ledger.declared.kind !== 'appointments' || entry.at <= now)
    return { ledger: withEntry(ledger, name, missed), answer: 'AppointmentMissed' };
  const isRight = areRight(ledger, given, entry.places, 'over');
  return {
    ledger: withEntry(ledger, name, { ...missed, units: given }),
    answer: isRight ? 'AppointmentMissed HoldMoved' : 'wrong units',
  };
}

/** A live hold of which the service has begun: it keeps its units, its people and its pairs. */
const begun = (entry: Entry, unitKind: string, worker: string | null): Entry => ({
  ...entry,
  status: 'started',
  unitKind,
  worker,
  awaited: null,
});

function keep(
  ledger: Ledger,
  { holdId: name, terms: { places, apartIds, unitKind } }: OfNeed,
  now: number,
  given: readonly string[],
): Expected {
  const entry = ledger.entries[name];
  if (ledger.declared.kind === 'caseload')
    return { ledger, answer: 'refused: no-appointments-here' };
  if (entry?.status === 'started') return { ledger, answer: 'ignored: already-started' };
  if (entry)
    return {
      ledger: withEntry(ledger, name, begun(entry, unitKind, null)),
      answer: 'ServiceBegun',
    };
  const isBook = ledger.declared.kind === 'appointments';
  const isPossible =
    !isBook && fits(ledger, unitKind) && placeFor(ledger, places, now) === 'service';
  if (!areRight(ledger, given, places, isPossible ? 'service' : 'over'))
    return { ledger, answer: 'wrong units' };
  const basics = { units: given, places, apart: apartIds, status: '', unitKind: '' };
  const fresh = { ...basics, at: null, worker: null, awaited: null };
  const after = withEntry(ledger, name, begun(fresh, unitKind, null));
  return overlapping(after, name, apartIds, 'ServiceBegun');
}

function assign(
  ledger: Ledger,
  { holdId: name, workerId, terms: { unitKind } }: Of<{ readonly workerId: string }>,
): Expected {
  const entry = ledger.entries[name];
  const same = (answer: string): Expected => ({ ledger, answer });
  const { declared } = ledger;
  if (!entry) return same('refused: not-held');
  if (declared.kind !== 'caseload') return same('refused: no-caseload-here');
  if (entry.status === 'held') return same('refused: not-confirmed');
  if (entry.worker === workerId) return same('ignored: already-assigned');
  if (entry.status === 'confirmed' && entry.awaited === null)
    return same('refused: person-not-agreed');
  let people = 0;
  for (const { worker, places } of entriesOf(ledger)) if (worker === workerId) people += places;
  if (people >= (declared.limitOfWorker ?? Infinity)) return same('refused: caseload-full');
  return entry.status === 'started'
    ? { ledger: withEntry(ledger, name, { ...entry, worker: workerId }), answer: 'WorkerReplaced' }
    : { ledger: withEntry(ledger, name, begun(entry, unitKind, workerId)), answer: 'ServiceBegun' };
}
