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

/** The one way a provider's row is read and changed. */
export const providers = aggregateStore(kind);
