import fc from 'fast-check';
import { it } from 'vitest';
import { checkedStep } from './checked-step.fixture.ts';
import type { Input } from './inputs.fixture.ts';
import { holdId, inHours, type Matter, need, workers } from './roster.fixture.ts';

const holdIds = fc.constantFrom('h1', 'h2', 'h3', 'h4', 'h5').map(holdId);
const instants = fc.integer({ min: 0, max: 48 }).map(inHours);
const services = fc.constantFrom('advice', 'court', 'unknown');
const apartIds = ['pair-1', 'pair-2', 'pair-3'];
const terms = fc
  .record({
    serviceId: services,
    places: fc.integer({ min: 1, max: 3 }),
    apartIds: fc.subarray(apartIds, { maxLength: 2 }),
  })
  .map(need);

const kind = <Kind extends Input['kind']>(name: Kind) => fc.constant(name);
const request = fc.record({ kind: kind('request'), holdId: holdIds, terms, until: instants });
const confirm = fc.record({ kind: kind('confirm'), holdId: holdIds, terms });
const inputs: fc.Arbitrary<Input> = fc.oneof(
  { weight: 5, arbitrary: request },
  { weight: 3, arbitrary: confirm },
  fc.record({ kind: kind('release'), holdId: holdIds }),
  fc.record({ kind: kind('start'), holdId: holdIds }),
  fc.record({ kind: kind('end'), holdId: holdIds }),
  fc.record({
    kind: kind('resize'),
    holdId: holdIds,
    places: fc.integer({ min: -1, max: 3 }),
  }),
  fc.record({ kind: kind('pair'), holdId: holdIds, apartId: fc.constantFrom(...apartIds) }),
  fc.record({ kind: kind('suspend'), serviceId: services }),
  fc.record({ kind: kind('expire'), now: instants }),
  fc.record({
    kind: kind('lose'),
    unitId: fc.constantFrom('unknown', ...workers.flatMap(({ places }) => places)),
  }),
);

it('after any inputs the machine has done what the oracle expects, and each unit is free or in one hold', () =>
  fc.assert(
    fc.property(fc.array(inputs, { minLength: 1, maxLength: 60, size: 'max' }), (history) => {
      // Between two decisions the state is converted to JSON and back, as for a row of a database.
      history.reduce<readonly Matter[]>(
        (matters, input) => JSON.parse(JSON.stringify(checkedStep(matters, input))),
        [],
      );
    }),
  ));
