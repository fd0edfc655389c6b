import { topics } from '@opennrm/contracts/topics';
import { kafkaOnKafkajs, replay } from '@opennrm/messaging';
import { call, createLog, openDatabase } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { recordAnswers, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { allMessagesConsumed, stateOf } from './state.ts';
import { untilOffered, untilState, type World } from './world.ts';

export function redelivered(world: () => World): void {
  it('changes nothing when every message of every topic comes a second time', async () => {
    const shelter = await openShelter(world());
    const person = await request(world());
    const { offerId } = await untilOffered(world(), shelter);
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), person.referralId, 'awaiting-person');
    await recordAnswers(world(), person, true);
    await allMessagesConsumed(world());
    const before = await stateOf(world());
    const sent = await replayAll(world());
    expect(sent).toBeGreaterThan(20);
    await allMessagesConsumed(world());
    expect(await stateOf(world())).toEqual(before);
  });
}

/** What `npm run ops -- replay` does, for all topics. */
async function replayAll(world: World): Promise<number> {
  const kafka = kafkaOnKafkajs({
    brokers: world.platform.kafka.brokers,
    clientId: 'replay',
    log: createLog('replay', 'silent'),
  });
  let sent = 0;
  for (const topic of Object.values(topics)) {
    const service = world.platform.service(topic.owner);
    const database = openDatabase(service.serviceUrl, { name: 'replay', size: 1 });
    sent += await replay(database, kafka, { topic: topic.name });
    await database.close();
  }
  await kafka.close();
  return sent;
}
