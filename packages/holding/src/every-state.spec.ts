import { expect, it } from 'vitest';
import { checkedStep } from './checked-step.fixture.ts';
import type { Input } from './inputs.fixture.ts';
import { holdId, inHours, type Matter, type Need, need, workers } from './roster.fixture.ts';

const holdIds = ['one', 'two'].map(holdId);
const instants = [inHours(1), inHours(2)];
const terms: readonly Need[] = ['advice', 'court'].flatMap((serviceId) =>
  [1, 2].flatMap((places) =>
    [[], ['pair']].map((apartIds) => need({ serviceId, places, apartIds })),
  ),
);

const ofHolds = holdIds.flatMap((id): Input[] => [
  ...terms.flatMap((one) =>
    instants.map((until): Input => ({ kind: 'request', holdId: id, terms: one, until })),
  ),
  ...terms.map((one): Input => ({ kind: 'confirm', holdId: id, terms: one })),
  { kind: 'release', holdId: id },
  { kind: 'resize', holdId: id, places: 1 },
  { kind: 'pair', holdId: id, apartId: 'pair' },
  { kind: 'start', holdId: id },
  { kind: 'end', holdId: id },
]);
const inputs: readonly Input[] = [
  ...ofHolds,
  { kind: 'suspend', serviceId: 'advice' },
  { kind: 'suspend', serviceId: 'court' },
  ...instants.map((now): Input => ({ kind: 'expire', now })),
  ...workers.flatMap(({ places }) => places).map((unitId): Input => ({ kind: 'lose', unitId })),
];

const keyOf = (matters: readonly Matter[]): string =>
  JSON.stringify(matters.toSorted((a, b) => (a.holdId < b.holdId ? -1 : 1)));

it('in every state that two holds can reach, each input does what the oracle expects, once', () => {
  const seen = new Map<string, readonly Matter[]>([[keyOf([]), []]]);
  // A Map is visited in the order of insertion, also the states that are added meanwhile.
  for (const matters of seen.values())
    for (const input of inputs) {
      const after = checkedStep(matters, input);
      const key = keyOf(after);
      if (!seen.has(key)) seen.set(key, after);
    }
  expect(seen.size).toBeGreaterThan(1_000);
  const statuses = new Set([...seen.values()].flat().map(({ status }) => status));
  expect([...statuses].sort()).toEqual(['confirmed', 'held', 'running']);
});
