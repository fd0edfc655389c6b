export {
  type AggregateKind,
  type AggregateStore,
  aggregateStore,
  type Context,
  type NextDeadline,
  type Outcome,
} from './aggregate.ts';
export { answerFrom } from './answer.ts';
export { type ConsumerSettings, startConsumer } from './consumer.ts';
export { effectiveFrom } from './effective-from.ts';
export { type Envelope, headersOf, readHeaders } from './headers.ts';
export { beginRebuild } from './inbox/parking.ts';
export {
  type Author,
  type Entry,
  type OutgoingMessage,
  outgoing,
  record,
  systemAuthor,
} from './journal.ts';
export { type KafkaSettings, kafkaOnKafkajs } from './kafka/kafkajs.ts';
export {
  type Consuming,
  type Kafka,
  type KafkaRecord,
  type Received,
  RecordRefused,
} from './kafka/port.ts';
export { type Relay, type RelaySettings, startRelay } from './relay.ts';
export { type ReplayRequest, replay } from './replay.ts';
export { runEvery } from './run-every.ts';
export { type MessagingSettings, startMessaging, wakingDatabase } from './start.ts';
export {
  CannotApply,
  type Handle,
  type Meta,
  type Subscription,
  subscription,
} from './subscription.ts';
export { setTimer } from './timer-rows.ts';
export { type OnDeadline, startTimers, type TimerSettings, type Timers } from './timers.ts';
export { type Topic, typeOf } from './topic.ts';
