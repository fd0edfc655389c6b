import type { Decision, Instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { addApart } from './apart.ts';
import { agreeAppointment, recordMissed } from './appointment.ts';
import { awaitDelivery } from './await-delivery.ts';
import { recordKept } from './begin-service.ts';
import { declarePlaces } from './declare.ts';
import type { Declared } from './declared.ts';
import { endService } from './end-service.ts';
import type { PlacesEvent } from './events.ts';
import type { Awaited, HoldId, PlacesTerms } from './hold.ts';
import { confirmHold, releaseHold, requestHold, resizeHold } from './holding.ts';
import {
  book,
  caseload,
  count,
  holdId,
  inHours,
  organisationId,
  serviceId,
  slot,
  terms,
} from './places.fixture.ts';
import { type Places, passTime } from './places.ts';
import { assignWorker } from './worker.ts';

/** Anything that can reach the places of a service, in any state. */
export type Input =
  | { readonly kind: 'declare'; readonly declared: Declared }
  | { readonly kind: 'pass time' }
  | {
      readonly kind: 'request' | 'confirm' | 'keep';
      readonly holdId: HoldId;
      readonly terms: PlacesTerms;
    }
  | { readonly kind: 'release' | 'miss' | 'end'; readonly holdId: HoldId }
  | { readonly kind: 'await'; readonly holdId: HoldId; readonly awaited: Awaited }
  | { readonly kind: 'resize'; readonly holdId: HoldId; readonly places: number }
  | { readonly kind: 'pair'; readonly holdId: HoldId; readonly apartId: string }
  | { readonly kind: 'agree'; readonly holdId: HoldId; readonly at: Instant }
  | {
      readonly kind: 'assign';
      readonly holdId: HoldId;
      readonly workerId: string;
      readonly terms: PlacesTerms;
    };

/** What the domain decides about an input. */
export function decide(places: Places, input: Input, now: Instant): Decision<PlacesEvent, string> {
  switch (input.kind) {
    case 'declare': {
      const { declared } = input;
      return declarePlaces(places, { serviceId, organisationId, declared }, now);
    }
    case 'pass time':
      return passTime(places, now);
    case 'request':
      return requestHold(places, input.holdId, input.terms, now);
    case 'confirm':
      return confirmHold(places, input.holdId, input.terms, now);
    case 'release':
      return releaseHold(places, input.holdId, 'asked');
    case 'resize':
      return resizeHold(places, input.holdId, input.places);
    case 'pair':
      return addApart(places, input.holdId, input.apartId);
    case 'await':
      return awaitDelivery(places, input.holdId, input.awaited);
    case 'agree':
      return agreeAppointment(places, input.holdId, input.at, now);
    case 'miss':
      return recordMissed(places, input.holdId, 'did-not-come', now);
    case 'keep':
      return recordKept(places, input.holdId, input.terms, now);
    case 'assign':
      return assignWorker(
        places,
        input.holdId,
        { workerId: input.workerId, isLate: false },
        input.terms,
        now,
      );
    case 'end':
      return endService(places, input.holdId, 'completed');
  }
}

const apartIds = ['pair-1', 'pair-2', 'pair-3'];
const holdIds = fc.constantFrom('h1', 'h2', 'h3', 'h4').map(holdId);
const hour = fc.integer({ min: 1, max: 7 });
const slots = fc.array(
  fc.tuple(hour, fc.integer({ min: 1, max: 4 })).map(([h, n]) => slot(h, n)),
  { maxLength: 6, size: 'max' },
);

const declarationsOf: Readonly<Record<Declared['kind'], fc.Arbitrary<Declared>>> = {
  count: fc.nat(8).map(count),
  appointments: slots.map((some) => book(...some)),
  caseload: fc
    .tuple(fc.nat(8), fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }))
    .map(([limit, ofWorker]) => caseload(limit, ofWorker)),
};
const unitKinds: Readonly<Record<Declared['kind'], string>> = {
  count: 'place',
  appointments: 'appointment',
  caseload: 'caseload-slot',
};

function inputsOf(declaredKind: Declared['kind']): fc.Arbitrary<Input> {
  const own = declarationsOf[declaredKind];
  const other = fc.oneof(...Object.values(declarationsOf));
  const need = fc
    .record({
      unitKind: fc.oneof(
        { weight: 9, arbitrary: fc.constant(unitKinds[declaredKind]) },
        { weight: 1, arbitrary: fc.constantFrom(...Object.values(unitKinds)) },
      ),
      places: fc.constantFrom(1, 1, 1, 2, 3),
      apartIds: fc.oneof(
        { weight: 6, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.subarray(apartIds, { maxLength: 2 }) },
      ),
    })
    .map(terms);
  const kind = <Kind extends Input['kind']>(name: Kind) => fc.constant(name);
  return fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: kind('declare'), declared: own }) },
    fc.record({ kind: kind('declare'), declared: other }),
    { weight: 4, arbitrary: fc.record({ kind: kind('pass time') }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: kind('request'), holdId: holdIds, terms: need }),
    },
    {
      weight: 9,
      arbitrary: fc.record({ kind: kind('confirm'), holdId: holdIds, terms: need }),
    },
    {
      weight: 9,
      arbitrary: fc.record({ kind: kind('agree'), holdId: holdIds, at: hour.map(inHours) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: kind('keep'), holdId: holdIds, terms: need }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: kind('assign'),
        holdId: holdIds,
        workerId: fc.constantFrom('ana', 'ben'),
        terms: need,
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: kind('miss'), holdId: holdIds }) },
    { weight: 2, arbitrary: fc.record({ kind: kind('end'), holdId: holdIds }) },
    fc.record({ kind: kind('release'), holdId: holdIds }),
    {
      weight: 9,
      arbitrary: fc.record({
        kind: kind('await'),
        holdId: holdIds,
        awaited: fc.record({ by: hour.map(inHours), isReminder: fc.boolean() }),
      }),
    },
    fc.record({ kind: kind('resize'), holdId: holdIds, places: fc.integer({ min: -1, max: 3 }) }),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind('pair'),
        holdId: holdIds,
        apartId: fc.constantFrom(...apartIds),
      }),
    },
  );
}

/** Inputs, mostly of one kind of declaration, each with the hours that pass before it. */
export const histories = fc
  .constantFrom<Declared['kind']>('count', 'appointments', 'caseload')
  .chain((kind) => {
    const passed = fc.oneof(
      { weight: 12, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constantFrom(0.25, 0.5, 1) },
    );
    const steps = fc.array(fc.tuple(inputsOf(kind), passed), {
      minLength: 30,
      maxLength: 60,
      size: 'max',
    });
    return fc.tuple(declarationsOf[kind], steps);
  });
