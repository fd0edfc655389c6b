import { expect, it } from 'vitest';
import { joinSlices, type Slice } from './joined-slices.ts';
import { receivedLetter } from './letters.fixture.ts';

const MOST = 4;

let sequence = 0;
const sliceOf = (key: string, count = 1): Slice => ({
  messages: Array.from({ length: count }, () =>
    receivedLetter({ key, sequence: ++sequence }, { $case: 'written', value: key }),
  ),
  heartbeat: async () => undefined,
});

/** Transactions that end when the spec ends them, each named by the keys of its messages. */
function transactions() {
  const begun: string[] = [];
  const ends: ((isApplied: boolean) => void)[] = [];
  const hand = joinSlices((slices) => {
    begun.push(slices.flatMap(({ messages }) => messages.map(({ key }) => key)).join(''));
    return new Promise((resolve) => void ends.push(resolve));
  }, MOST);
  const end = (isApplied = true): void => ends.shift()?.(isApplied);
  return { begun, hand, end };
}

it('slices that arrive while a transaction runs are applied together in the next one, in their order', async () => {
  const { begun, hand, end } = transactions();
  const first = hand(sliceOf('a', 2));
  const others = [hand(sliceOf('b')), hand(sliceOf('c', 2))];
  expect(begun).toEqual(['aa']);
  end();
  expect(await first).toBe(true);
  expect(begun).toEqual(['aa', 'bcc']);
  end();
  expect(await Promise.all(others)).toEqual([true, true]);
});

it('a transaction has no more messages than allowed, except for one slice that alone has more', async () => {
  const { begun, hand, end } = transactions();
  const handed = ['a', 'b', 'c', 'd', 'e'].map((key, nth) =>
    hand(sliceOf(key, [1, 3, 2, 9, 1][nth])),
  );
  for (const one of handed) {
    end();
    await one;
  }
  expect(begun).toEqual(['a', 'bbb', 'cc', 'ddddddddd', 'e']);
});

it('where a transaction fails each of its slices is reported as not applied, and later slices are applied', async () => {
  const { begun, hand, end } = transactions();
  const first = hand(sliceOf('a'));
  const failing = [hand(sliceOf('b')), hand(sliceOf('c'))];
  end();
  await first;
  end(false);
  expect(await Promise.all(failing)).toEqual([false, false]);
  const later = hand(sliceOf('d'));
  end();
  expect(await later).toBe(true);
  expect(begun).toEqual(['a', 'bc', 'd']);
});
