import {
  ANA,
  BEN,
  type Book,
  change,
  type Entry,
  type Expected,
  end,
  endWhere,
  entryOf,
  isFree,
  isPossible,
  PLACES,
  without,
} from './book.fixture.ts';
import type { Input } from './inputs.fixture.ts';
import type { Need } from './roster.fixture.ts';

/**
 * The rules of holding, written a second time as changes of a book. This shares no code with the machine. Which free places a hold gets is
 * the choice of the provider: the oracle only checks that they were free and suffice.
 * @param given the units that the machine gave to a hold, if it gave any.
 */
export function expected(book: Book, input: Input, given: readonly string[]): Expected {
  const nothing: Expected = { book, announced: [] };
  const name = 'holdId' in input ? input.holdId : '';
  const entry = book[name];
  switch (input.kind) {
    case 'request':
      if (entry) return nothing;
      return isPossible(book, input.terms)
        ? giveUnits(book, name, entryOf('held', input.terms, given, input.until))
        : { book, announced: ['HoldRefused'] };
    case 'confirm':
      return entry && entry.status !== 'held' ? nothing : confirm(book, name, input.terms, given);
    case 'release':
      return entry && entry.status !== 'running' ? end(book, [name], 'HoldReleased') : nothing;
    case 'resize': {
      if (!entry || entry.status === 'running') return nothing;
      if (input.places < 1 || input.places >= entry.places) return nothing;
      const units = entry.units.slice(0, input.places);
      return change(book, name, { ...entry, units, places: input.places }, 'HoldResized');
    }
    case 'pair': {
      const { apartId } = input;
      if (!entry || entry.apart.includes(apartId)) return nothing;
      const overlapping = Object.values(book).filter(({ apart }) => apart.includes(apartId)).length;
      const paired = change(
        book,
        name,
        { ...entry, apart: [...entry.apart, apartId] },
        'ApartAdded',
      );
      const found = Array<string>(overlapping === 0 ? 0 : overlapping + 1).fill(
        'ApartOverlapFound',
      );
      return { book: paired.book, announced: [...paired.announced, ...found] };
    }
    case 'suspend':
      return endWhere(book, (one) => one.status === 'held' && one.service === input.serviceId);
    case 'expire':
      return endWhere(book, ({ until }) => until !== undefined && until <= input.now);
    case 'lose':
      return lose(book, input.unitId, given);
    case 'start':
      return entry?.status === 'confirmed'
        ? change(book, name, { ...entry, status: 'running' }, 'WorkStarted')
        : nothing;
    case 'end':
      return entry?.status === 'running' ? end(book, [name], 'WorkEnded') : nothing;
  }
}

/** Writes an entry, if its units are free, distinct, as many as the places, and of one worker of the service. */
function giveUnits(book: Book, name: string, entry: Entry): Expected {
  const { units, places, service, status } = entry;
  const areFree = units.every((unit) => isFree(book, unit));
  const areOfOneWorker = (PLACES[service] ?? []).some((group) =>
    units.every((unit) => group.includes(unit)),
  );
  if (!areFree || !areOfOneWorker || new Set(units).size !== places)
    return { book, announced: ['units that were not free or do not suffice'] };
  return change(book, name, entry, status === 'held' ? 'UnitsHeld' : 'UnitsConfirmed');
}

function confirm(book: Book, name: string, terms: Need, given: readonly string[]): Expected {
  const entry = book[name];
  const stillSuffices =
    entry && PLACES[terms.serviceId]?.some((group) => group.includes(entry.units[0] ?? ''));
  const pairs = new Set(entry?.apart.concat(terms.apartIds));
  const meetsSettled = Object.entries(book).some(
    ([other, { status, apart }]) =>
      other !== name && status !== 'held' && apart.some((pair) => pairs.has(pair)),
  );
  if (stillSuffices && !meetsSettled) {
    const kept = { ...entry, status: 'confirmed', until: undefined, service: terms.serviceId };
    return change(book, name, kept, 'UnitsConfirmed');
  }
  const others = without(book, [name]);
  return isPossible(others, terms)
    ? giveUnits(others, name, entryOf('confirmed', terms, given))
    : { book: others, announced: ['UnitsUnavailable'] };
}

function lose(book: Book, unit: string, given: readonly string[]): Expected {
  const [name, entry] = Object.entries(book).find(([, { units }]) => units.includes(unit)) ?? [];
  if (!name || !entry || entry.status === 'running') return { book, announced: [] };
  const free = [ANA, BEN]
    .filter((group) => group.includes(unit))
    .flat()
    .filter((one) => isFree(book, one));
  if (free.length === 0)
    return end(book, [name], entry.status === 'held' ? 'HoldReleased' : 'UnitsUnavailable');
  const [replacement] = given.filter((one) => !entry.units.includes(one));
  if (replacement === undefined || !free.includes(replacement))
    return { book, announced: ['a replacement that was not free'] };
  const units = entry.units.map((one) => (one === unit ? replacement : one));
  return change(book, name, { ...entry, units }, 'HoldMoved');
}
