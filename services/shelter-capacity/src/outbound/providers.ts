import { type AggregateKind, aggregateStore } from '@opennrm/messaging';
import { nextDeadline } from '../domain/deadlines.ts';
import type { ProviderEvent } from '../domain/events.ts';
import { evolve, type Provider } from '../domain/provider.ts';
import { projectEvent } from './projections.ts';
import { messagesOf } from './published.ts';

const kind: AggregateKind<Provider, ProviderEvent> = {
  name: 'provider',
  evolve,
  row: (provider) => ({ owner_org: provider.organisationId }),
  messages: messagesOf,
  nextDeadline,
  afterEvent: projectEvent,
};

/** The only access to a provider's row for reading and changing. */
export const providers = aggregateStore(kind);
