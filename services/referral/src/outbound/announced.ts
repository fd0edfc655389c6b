import { providerTopics } from '@opennrm/contracts/topics';
import { type OutgoingMessage, outgoing, record, systemAuthor } from '@opennrm/messaging';
import type { Database, Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { DirectoryEntry } from '../domain/directory.ts';
import type { ToProvider } from './provider-messages.ts';

type Named = Pick<DirectoryEntry, 'serviceId' | 'organisationId'>;

const toEveryProvider = (serviceId: string, message: ToProvider): OutgoingMessage[] =>
  Object.values(providerTopics).map(({ toProvider }) => outgoing(toProvider, serviceId, message));

/** Which organisation a service belongs to: the first message of its stream to each provider service. */
export const registeredMessages = ({ serviceId, organisationId }: Named): OutgoingMessage[] =>
  toEveryProvider(serviceId, { $case: 'serviceRegistered', value: { serviceId, organisationId } });

export const accreditationMessages = (
  serviceId: string,
  change: 'serviceSuspended' | 'serviceReinstated',
): OutgoingMessage[] => toEveryProvider(serviceId, { $case: change, value: { serviceId } });

/**
 * Announces the entries that are older than the announcements, each in a transaction of its own. A provider service could not store an
 * earlier suspension of a service that it did not know, so the suspension is announced again. Replicas that start at the same moment
 * share the work.
 * @returns how many were announced.
 */
export async function announceServices(
  database: Pick<Database, 'transaction'>,
  now: Instant,
): Promise<number> {
  let announced = 0;
  while (await database.transaction((tx) => announceNext(tx, now))) announced++;
  return announced;
}

async function announceNext(tx: Transaction, at: Instant): Promise<boolean> {
  const { rows } = await tx.query<{ version: number; state: DirectoryEntry }>({
    name: 'service-not-announced',
    text: 'SELECT version, state FROM service WHERE NOT announced ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED',
  });
  const [row] = rows;
  if (!row) return false;
  const { serviceId, suspended } = row.state;
  const messages = registeredMessages(row.state);
  if (suspended) messages.push(...accreditationMessages(serviceId, 'serviceSuspended'));
  const entry = {
    aggregate: 'service',
    id: serviceId,
    version: row.version,
    at,
    author: systemAuthor,
  };
  await record(tx, { ...entry, events: [], messages });
  await tx.query({
    name: 'service-announced',
    text: 'UPDATE service SET announced = true WHERE id = $1',
    values: [serviceId],
  });
  return true;
}
