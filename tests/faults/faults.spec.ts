import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { startWorld, type World } from '../journeys/world.ts';
import { allBrokersAwayAnHour } from './all-brokers-away-an-hour.ts';
import { brokerLeaderKilled } from './broker-leader-killed.ts';
import { clockAnHourFast } from './clock-an-hour-fast.ts';
import { consumerDiesBeforeCommit } from './consumer-dies-before-commit.ts';
import { consumerJoinsLate } from './consumer-joins-late.ts';
import { databaseRestarts } from './database-restarts.ts';
import { databaseRestoredAnHourBack } from './database-restored-an-hour-back.ts';
import { databaseSilent } from './database-silent.ts';
import { diskFull } from './disk-full.ts';
import { nameResolutionFails } from './name-resolution-fails-for-seconds.ts';
import { oneTopicGone } from './one-topic-gone.ts';
import { outOfOrder } from './out-of-order.ts';
import { parkedKeyReleased } from './parked-key-released.ts';
import { projectionRebuilt } from './projection-rebuilt.ts';
import { promisesKept } from './promises-kept.ts';
import { rebalanceMidSlice } from './rebalance-mid-slice.ts';
import { recordTooLarge } from './record-too-large.ts';
import { relayDiesBetweenSendAndMark } from './relay-dies-between-send-and-mark.ts';
import { relayFrozen } from './relay-frozen.ts';
import { rollingUpgradeWithNewEventType } from './rolling-upgrade-with-new-event-type.ts';
import { type ServiceFaults, startServiceFaults } from './service-faults.ts';
import { slowConsumerBoundedMemory } from './slow-consumer-bounded-memory.ts';
import { tenThousandFailingTimers } from './ten-thousand-failing-timers.ts';
import { timeJumps } from './time-jumps.ts';
import { topicLost } from './topic-lost.ts';
import { twelvePoisonedRequests } from './twelve-poisoned-requests.ts';

let world: World | undefined;
let faults: ServiceFaults | undefined;
beforeAll(async () => {
  faults = await startServiceFaults('referral');
  world = await startWorld({ brokers: 3, replicas: 2, rate: 0.2, environment: faults.environment });
});
afterEach(() => world?.cleanUp());
afterAll(async () => {
  await world?.stop();
  await faults?.close();
});

/** Three brokers, PostgreSQL, and two replicas of each service. @throws before `beforeAll` has run. */
const theWorld = (): World => {
  if (!world) throw new Error('the platform did not start');
  return world;
};

/** Switches for faults of `referral`: its connection to the database, its name resolution, its clock. */
const theFaults = (): ServiceFaults => {
  if (!faults) throw new Error('the platform did not start');
  return faults;
};

describe('relay-dies-between-send-and-mark', () => relayDiesBetweenSendAndMark(theWorld));
describe('relay-frozen', () => relayFrozen(theWorld));
describe('consumer-dies-before-commit', () => consumerDiesBeforeCommit(theWorld));
describe('rebalance-mid-slice', () => rebalanceMidSlice(theWorld));
describe('broker-leader-killed', () => brokerLeaderKilled(theWorld));
describe('all-brokers-away-an-hour', () => allBrokersAwayAnHour(theWorld));
describe('database-restarts', () => databaseRestarts(theWorld));
describe('database-silent', () => databaseSilent(theWorld, theFaults));
describe('name-resolution-fails-for-seconds', () => nameResolutionFails(theWorld, theFaults));
describe('clock-an-hour-fast', () => clockAnHourFast(theWorld, theFaults));
describe('time-jumps', () => timeJumps(theWorld));
describe('ten-thousand-failing-timers', () => tenThousandFailingTimers(theWorld));
describe('consumer-joins-late', () => consumerJoinsLate(theWorld));
describe('topic-lost', () => topicLost(theWorld));
describe('one-topic-gone', () => oneTopicGone(theWorld));
describe('record-too-large', () => recordTooLarge(theWorld));
describe('out-of-order', () => outOfOrder(theWorld));
describe('parked-key-released', () => parkedKeyReleased(theWorld));
describe('rolling-upgrade-with-new-event-type', () => rollingUpgradeWithNewEventType(theWorld));
describe('projection-rebuilt', () => projectionRebuilt(theWorld));
describe('database-restored-an-hour-back', () => databaseRestoredAnHourBack(theWorld));
describe('disk-full', () => diskFull(theWorld));
describe('slow-consumer-bounded-memory', () => slowConsumerBoundedMemory(theWorld));
describe('twelve-poisoned-requests', () => twelvePoisonedRequests(theWorld));
describe('promises-kept', () => promisesKept(theWorld));
