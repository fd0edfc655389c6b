import { hours, type Instant, instant, after as later } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Declared } from './declared.ts';
import { decide, histories, type Input } from './inputs.fixture.ts';
import { type Ledger, slotOf } from './ledger.fixture.ts';
import { expected } from './oracle.fixture.ts';
import { declares, holdAfter, noon, placesAfter, summaryOf } from './places.fixture.ts';
import { evolvePlaces, nextTime, type Places } from './places.ts';
import { freeUnits } from './units.ts';

/** One decision of a random history. */
interface Step {
  readonly before: Places;
  readonly input: Input;
  readonly now: Instant;
  readonly after: Places;
  readonly answer: string;
  /** The holds for which an overlap is announced. */
  readonly overlaps: readonly string[];
}

function stepOf(before: Places, input: Input, now: Instant): Step {
  const decision = decide(before, input, now);
  const events = decision.kind === 'accepted' ? decision.events : [];
  const after = events.reduce<Places>(evolvePlaces, before);
  const overlaps = events.flatMap((event) =>
    event.type === 'ApartOverlapFound' ? event.holdId : [],
  );
  return { before, input, now, after, answer: summaryOf(decision), overlaps };
}

/** Between two decisions the state is converted to JSON and back, as for its row. */
function replay(
  declared: Declared,
  steps: readonly (readonly [Input, number])[],
  check: (step: Step) => void,
): void {
  let [places, now] = [placesAfter(declares(sorted(declared))), noon];
  for (const [input, hoursOn] of steps) {
    now = later(now, hours(hoursOn));
    const step = stepOf(places, input, now);
    check(step);
    places = JSON.parse(JSON.stringify(step.after)) as Places;
    expect(places).toEqual(step.after);
  }
}

/** The first declaration of a history may have slots that have begun since, but none twice. */
const sorted = (declared: Declared): Declared =>
  declared.kind === 'appointments'
    ? {
        ...declared,
        slots: declared.slots
          .filter(({ start }, nth, all) => all.findIndex((one) => one.start === start) === nth)
          .toSorted((a, b) => a.start - b.start),
      }
    : declared;

/** Checks a property after each decision of many random histories. */
const always = (check: (step: Step) => void) => () =>
  fc.assert(
    fc.property(histories, ([declared, steps]) => {
      replay(declared, steps, check);
    }),
  );

/** The state of the domain, in the form of the ledger of the oracle. */
const ledgerOf = ({ declared, holds, timesUntil }: Places): Ledger => ({
  declared,
  timesUntil,
  entries: Object.fromEntries(
    holds.map((hold) => [
      hold.holdId,
      {
        status: hold.status,
        units: hold.unitIds,
        places: hold.terms.places,
        apart: hold.terms.apartIds,
        unitKind: hold.terms.unitKind,
        at: hold.status === 'held' ? null : (hold.appointment ?? null),
        worker: hold.status === 'started' ? (hold.workerId ?? null) : null,
        awaited: hold.status === 'confirmed' ? (hold.awaited ?? null) : null,
      },
    ]),
  ),
});

it(
  'after any inputs the places of a service are those that the oracle expects',
  always(({ before, input, now, after, answer, overlaps }) => {
    const given = 'holdId' in input ? (holdAfter(after, input.holdId)?.unitIds ?? []) : [];
    const wanted = expected(ledgerOf(before), input, now, given);
    expect(answer).toBe(wanted.answer);
    expect(ledgerOf(after)).toEqual(wanted.ledger);
    expect(overlaps).toEqual(wanted.overlaps ?? []);
  }),
);

it(
  'no unit of a service is in two holds, no hold is there twice, and each has one unit for each place',
  always(({ after: { holds } }) => {
    const kept = holds.flatMap(({ unitIds }) => unitIds);
    expect(new Set(kept).size).toBe(kept.length);
    expect(new Set(holds.map(({ holdId }) => holdId)).size).toBe(holds.length);
    for (const { unitIds, terms } of holds) expect(unitIds).toHaveLength(terms.places);
  }),
);

it(
  'a hold that gets units of a service fits into what was free before, and lowers it by its people',
  always(({ before, input, now, after, answer }) => {
    const isNew =
      'holdId' in input &&
      !holdAfter(before, input.holdId) &&
      /^Units(Held|Confirmed)$/.test(answer);
    if (!isNew) return;
    const places = holdAfter(after, input.holdId)?.terms.places ?? Number.NaN;
    expect(freeUnits(before, now)).toBeGreaterThanOrEqual(places);
    expect(freeUnits(after, now)).toBe(freeUnits(before, now) - places);
  }),
);

it(
  'no appointment in the past is agreed, none replaces one in the past, and an agreed time is that of the units',
  always(({ before, input, now, after, answer }) => {
    if (input.kind === 'agree' && answer === 'AppointmentAgreed') {
      expect(input.at).toBeGreaterThan(now);
      const hold = holdAfter(before, input.holdId);
      const replaced = hold?.status === 'confirmed' ? hold.appointment : undefined;
      expect(replaced ?? Infinity).toBeGreaterThan(now);
    }
    if (after.declared.kind !== 'appointments') return;
    for (const hold of after.holds)
      if (hold.status === 'confirmed' && hold.appointment !== undefined)
        expect(hold.unitIds.map(slotOf)).toEqual(hold.unitIds.map(() => hold.appointment));
  }),
);

it(
  'delivery is awaited or an appointment is agreed, never both, and neither begins before the person agreed',
  always(({ before, input, after, answer }) => {
    for (const hold of after.holds)
      if (hold.status === 'confirmed')
        expect(hold.awaited !== undefined && hold.appointment !== undefined).toBe(false);
    const isFirst =
      (input.kind === 'agree' && answer === 'AppointmentAgreed') ||
      (input.kind === 'assign' && answer === 'ServiceBegun');
    if (!isFirst) return;
    const hold = holdAfter(before, input.holdId);
    const hasAgreed =
      hold?.status === 'confirmed' &&
      (hold.awaited !== undefined || hold.appointment !== undefined);
    expect(hasAgreed).toBe(true);
  }),
);

it(
  'the same input a second time changes nothing more at a service',
  always(({ input, now, after }) => expect(stepOf(after, input, now).after).toEqual(after)),
);

it(
  'after the times of an appointment book passed, the next one is later than now or missing, and nothing more passes',
  always(({ before, input, now, after, answer }) => {
    if (input.kind !== 'pass time') return;
    expect(nextTime(after) ?? Infinity).toBeGreaterThan(now);
    expect(stepOf(after, input, now).answer).toBe('ignored: nothing-due');
    expect(after.holds).toEqual(before.holds);
    if (answer === 'TimePassed') expect(nextTime(before) ?? Infinity).toBeLessThanOrEqual(now);
  }),
);

it(
  'until the next time of an appointment book, no place becomes free or used because time passes',
  always(({ after }) => {
    const next = nextTime(after);
    const last = next === undefined ? later(after.timesUntil, hours(100)) : instant(next - 1);
    expect(freeUnits(after, last)).toBe(freeUnits(after, after.timesUntil));
  }),
);

it(
  'nobody is given units of a service beside a person to be kept apart',
  always(({ before, input, after, answer }) => {
    const isNew =
      'holdId' in input &&
      !holdAfter(before, input.holdId) &&
      /^Units(Held|Confirmed)$/.test(answer);
    if (!isNew) return;
    const own = holdAfter(after, input.holdId)?.terms.apartIds ?? [];
    const others = before.holds.flatMap(({ terms }) => terms.apartIds);
    expect(own.filter((one) => others.includes(one))).toEqual([]);
  }),
);

it(
  'only its end removes a service that has begun, and overlaps are announced for live holds only',
  always(({ before, input, after, overlaps }) => {
    for (const { holdId, status, unitIds } of before.holds)
      if (status === 'started' && !(input.kind === 'end' && input.holdId === holdId))
        expect(holdAfter(after, holdId)).toMatchObject({ status, unitIds });
    for (const one of overlaps)
      expect(after.holds.map(({ holdId }) => String(holdId))).toContain(one);
  }),
);
