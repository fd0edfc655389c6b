import { randomUUID } from 'node:crypto';
import { after, minutes } from '@opennrm/runtime/decision';
import { specifyListOrders } from '@opennrm/testkit';
import { afterEach, beforeEach } from 'vitest';
import {
  aHold,
  callOf,
  confirmRequested,
  type House,
  noon,
  shelterDatabase,
} from '../../outbound/shelter-database.fixture.ts';
import { rpcs } from './rpcs.ts';

interface Row {
  readonly holdId: string;
  /** Minutes from noon. */
  readonly expectedIn: number | undefined;
  readonly isOwn: boolean;
}

/** Ends a page between arrivals of the same time. */
const PAGE_SIZE = 2;

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
let own: House;
let other: House;
beforeEach(async () => {
  shelter = await shelterDatabase();
  own = await shelter.house(40);
  other = await shelter.house(40);
});
afterEach(() => shelter.drop());

async function isExpected({ holdId, expectedIn, isOwn }: Row): Promise<void> {
  await shelter.receives(confirmRequested(holdId, (isOwn ? own : other).serviceId));
  if (expectedIn === undefined) return;
  const expectedAt = after(noon, minutes(expectedIn));
  const times = {
    expectedAt: new Date(expectedAt),
    addressUntil: new Date(expectedAt + minutes(60)),
  };
  await shelter.receives({
    $case: 'journeyArranged',
    value: { holdId, escortId: randomUUID(), ...times },
  });
}

async function page(pageToken: string) {
  const { getArrivalPlan } = rpcs(shelter.pack, shelter.addresses);
  if (getArrivalPlan.kind !== 'unary') throw new Error('an rpc with one answer');
  const checked = getArrivalPlan.check({ pageSize: PAGE_SIZE, pageToken });
  if (!checked.ok)
    throw new Error(checked.problems.map(({ field, rule }) => `${field}: ${rule}`).join('; '));
  const given = await shelter.inTransaction((tx) => checked.work(tx, callOf(own.organisation)));
  if (given.kind !== 'answer') throw new Error(given.refusal);
  const { arrivals, nextPageToken } = given.response;
  return { ids: arrivals.map(({ holdId }) => holdId), nextPageToken };
}

const rowAt = (expectedIn: number | undefined, isOwn = true): Row => ({
  holdId: aHold(),
  expectedIn,
  isOwn,
});

specifyListOrders<Row>(
  {
    'expected arrivals': {
      order: 'the soonest first, and those without a known time last',
      direction: 'ascending',
      positionOf: ({ holdId, expectedIn }) => [expectedIn ?? Number.MAX_SAFE_INTEGER, holdId],
      idOf: ({ holdId }) => holdId,
      has: ({ isOwn }) => isOwn,
      add: isExpected,
      page,
    },
  },
  {
    atTheStart: () =>
      [50, undefined, 30, 50, 10, undefined, 30, 50, undefined, 30].flatMap((expectedIn) => [
        rowAt(expectedIn),
        rowAt(expectedIn, false),
      ]),
    between: () => [5, 30, 50, 90, undefined].map((expectedIn) => rowAt(expectedIn)),
  },
);
