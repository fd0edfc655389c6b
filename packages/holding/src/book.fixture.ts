import type { Need } from './roster.fixture.ts';

/** Who has which places of the synthetic provider: the state of the oracle, written without any code of the machine. */
export interface Entry {
  readonly status: string;
  readonly until: number | undefined;
  readonly units: readonly string[];
  readonly places: number;
  readonly service: string;
  readonly apart: readonly string[];
}
export type Book = Readonly<Record<string, Entry>>;

/** The book after an input, and the types of the announced events. */
export interface Expected {
  readonly book: Book;
  readonly announced: readonly string[];
}

/** The places of each worker, by the services that the worker serves. */
export const ANA = ['a1', 'a2'];
export const BEN = ['b1', 'b2'];
export const PLACES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  advice: [ANA],
  court: [ANA, BEN],
};

export const entryOf = (
  status: string,
  { places, serviceId, apartIds }: Need,
  units: readonly string[],
  until?: number,
): Entry => ({ status, until, units, places, service: serviceId, apart: apartIds });

export const isFree = (book: Book, unit: string): boolean =>
  Object.values(book).every(({ units }) => !units.includes(unit));

/** Nobody of the pair is in the book, and one worker of the service has enough free places. */
export const isPossible = (book: Book, { serviceId, places, apartIds }: Need): boolean =>
  Object.values(book).every(({ apart }) => !apart.some((one) => apartIds.includes(one))) &&
  (PLACES[serviceId] ?? []).some(
    (group) => group.filter((unit) => isFree(book, unit)).length >= places,
  );

export const change = (book: Book, name: string, entry: Entry, announced: string): Expected => ({
  book: { ...book, [name]: entry },
  announced: [announced],
});

export const without = (book: Book, names: readonly string[]): Book =>
  Object.fromEntries(Object.entries(book).filter(([name]) => !names.includes(name)));

export const end = (book: Book, names: readonly string[], announced: string): Expected => ({
  book: without(book, names),
  announced: names.map(() => announced),
});

export const endWhere = (book: Book, isOver: (entry: Entry) => boolean): Expected =>
  end(
    book,
    Object.keys(book).filter((name) => isOver(book[name] as Entry)),
    'HoldReleased',
  );
