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

/** Updates a table after an event, in the transaction that appends the event. */
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
 * Appends one event at its position in the stream. A repeat is recognised by the stream's version and changes nothing. Appends run one
 * after another: the consumer of emmett 0.42.0 reads in the order of transactions and stores a position, so of two concurrent appends it
 * sometimes loses one, and the saga never ends.
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
 * After a batch that was not full the consumer of emmett waits up to a second; after a full one it waits for its pull frequency. Small
 * batches are the fastest here (1 and 10 were tried; a trial with 100 did not end).
 */
const PULLING = { batchSize: 1, pullingFrequencyInMs: 1 };

/** Consumes its own events after their commit, one after another, and stores its position. */
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
