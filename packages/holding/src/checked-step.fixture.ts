import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Book } from './book.fixture.ts';
import { decide, type Input } from './inputs.fixture.ts';
import { expected } from './oracle.fixture.ts';
import { evolve, type Matter, type RosterEvent, workers } from './roster.fixture.ts';

/** The state of the machine, in the form of the book of the oracle. */
const bookOf = (matters: readonly Matter[]): Book =>
  Object.fromEntries(
    matters.map((matter) => [
      matter.holdId,
      {
        status: matter.status,
        until: matter.status === 'held' ? matter.until : undefined,
        units: matter.unitIds,
        places: matter.terms.places,
        service: matter.terms.serviceId,
        apart: matter.terms.apartIds,
      },
    ]),
  );

const eventsOf = (matters: readonly Matter[], input: Input): readonly RosterEvent[] => {
  const decision = decide(matters, input);
  return decision.kind === 'accepted' ? decision.events : [];
};

const unitsIn = (events: readonly RosterEvent[]): readonly string[] =>
  events.flatMap((event) => ('unitIds' in event ? event.unitIds : []));

/** The state after an input. Fails where the machine and the oracle differ, or where a rule of every state is broken. */
export function checkedStep(matters: readonly Matter[], input: Input): readonly Matter[] {
  const events = eventsOf(matters, input);
  const after = events.reduce<readonly Matter[]>(evolve, matters);
  const { book, announced } = expected(bookOf(matters), input, unitsIn(events));
  expectEqual(
    events.map(({ type }) => type),
    announced,
  );
  expectEqual(bookOf(after), book);

  expectOneHoldForEachUnit(after);
  const again = eventsOf(after, input);
  expectEqual(again.reduce<readonly Matter[]>(evolve, after), after);
  // A refusal is repeated, because nothing of it is kept. It gives and ends nothing.
  const refusals = events.filter(
    ({ type }) => type === 'HoldRefused' || type === 'UnitsUnavailable',
  );
  if (again.length > 0) expectEqual(again, refusals);
  return after;
}

/** The comparison of vitest is too slow for 100,000 steps, so it only prints the difference. */
function expectEqual(actual: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(actual, wanted)) expect(actual).toEqual(wanted);
}

const placesOfAll = workers.flatMap(({ places }) => places);

/** Each unit is free or in exactly one hold, and each hold has one unit for each place. */
function expectOneHoldForEachUnit(matters: readonly Matter[]): void {
  const kept = matters.flatMap(({ unitIds }) => unitIds);
  const free = placesOfAll.filter((one) => !kept.includes(one));
  expectEqual([...kept, ...free].sort(), placesOfAll);
  for (const { unitIds, terms } of matters) expectEqual(unitIds.length, terms.places);
  expectEqual(new Set(matters.map(({ holdId }) => holdId)).size, matters.length);
}
