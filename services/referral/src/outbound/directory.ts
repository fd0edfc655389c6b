import { topics } from '@opennrm/contracts/topics';
import { type AggregateKind, aggregateStore, outgoing } from '@opennrm/messaging';
import {
  type DirectoryEntry,
  type DirectoryEvent,
  endOfAccreditation,
  evolveDirectory,
} from '../domain/directory.ts';
import { accreditationMessages, registeredMessages } from './announced.ts';

/** The table of entries, and the aggregate of their timers. */
export const SERVICE = 'service';

const kind: AggregateKind<DirectoryEntry, DirectoryEvent> = {
  name: SERVICE,
  evolve: evolveDirectory,
  row: (entry) => ({
    owner_org: entry.organisationId,
    need: entry.need,
    accredited_until: entry.accreditedUntil ?? null,
  }),
  messages: (event, { serviceId, organisationId, need: serviceClass }) => {
    if (event.type === 'ServiceRegistered') {
      const value = { serviceId, organisationId, serviceClass };
      return [
        ...registeredMessages({ serviceId, organisationId }),
        outgoing(topics.referralForCaseVault, serviceId, { $case: 'serviceRegistered', value }),
      ];
    }
    // The provider is notified by the release of each hold; no other message follows.
    if (event.type === 'AccreditationEnded') return [];
    return accreditationMessages(
      serviceId,
      event.type === 'ServiceAccredited' ? 'serviceReinstated' : 'serviceSuspended',
    );
  },
  nextDeadline: (entry) => {
    const due = endOfAccreditation(entry);
    return due === undefined ? undefined : { kind: 'accreditation', due };
  },
};

/** The entries of the directory, each a row of its own. */
export const directory = aggregateStore(kind);
