import type { Event } from '@event-driven-io/emmett';
import {
  getPostgreSQLEventStore,
  type PostgresEventStore,
  postgreSQLEventStoreConsumer,
  postgreSQLProjection,
} from '@event-driven-io/emmett-postgresql';
import { setting } from '../load/start.ts';

export type SagaEvent = Event<string, { readonly id: string }>;

interface Client {
  query(text: string, values: readonly unknown[]): Promise<unknown>;
}

/** What a table is to hold after an event, in the transaction that appends it. */
export type Project = (client: Client, event: SagaEvent) => Promise<unknown>;

export function openStore(types: readonly string[], project: Project): PostgresEventStore {
  const projection = postgreSQLProjection<SagaEvent>({
    name: 'bench',
    canHandle: [...types],
    async handle(events, { connection }) {
      for (const event of events) await project(connection.client as unknown as Client, event);
    },
  });
  return getPostgreSQLEventStore(setting('DATABASE_URL'), {
    projections: [{ type: 'inline', projection }],
    schema: { autoMigration: 'CreateOrUpdate' },
  });
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Appends one event at its place in the stream: a repeat is found by the stream's version, and changes nothing. One after another: the
 * consumer of emmett 0.42.0 reads in the order of transactions and remembers a position, so of two appends at once it loses one now and then,
 * and the saga never ends.
 */
export function append(
  store: PostgresEventStore,
  stream: string,
  type: string,
  id: string,
  version: number,
) {
  const expectedStreamVersion = version === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(version);
  const appended = last.then(() =>
    store.appendToStream<SagaEvent>(stream, [{ type, data: { id } } as SagaEvent], {
      expectedStreamVersion,
    } as never),
  );
  last = appended.catch(() => undefined);
  return appended.then(() => undefined);
}

/**
 * The consumer of emmett waits up to a second after a batch that was not full, and its pull frequency after a full one: small batches are
 * the quickest here (1 and 10 were tried; a trial with 100 did not end).
 */
const PULLING = { batchSize: 1, pullingFrequencyInMs: 1 };

/** Hears of its own events after they were committed, one after another, and remembers how far it has come. */
export function react(
  processorId: string,
  types: readonly string[],
  work: (event: SagaEvent) => Promise<unknown>,
): void {
  const consumer = postgreSQLEventStoreConsumer<SagaEvent>({
    connectionString: setting('DATABASE_URL'),
    pulling: PULLING,
  });
  consumer.reactor<SagaEvent>({
    processorId,
    canHandle: [...types],
    eachMessage: async (event) => void (await work(event as unknown as SagaEvent)),
  });
  void consumer.start();
}
