import { topics } from '@opennrm/contracts/topics';
import { type AggregateKind, aggregateStore, outgoing } from '@opennrm/messaging';
import { type Directory, type DirectoryEvent, evolveDirectory } from '../domain/directory.ts';
import { registeredMessage, standingMessage } from './announced.ts';

const kind: AggregateKind<Directory, DirectoryEvent> = {
  name: 'service',
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
        registeredMessage({ serviceId, organisationId }),
        outgoing(topics.referralForCaseVault, serviceId, { $case: 'serviceRegistered', value }),
      ];
    }
    return [standingMessage(serviceId, event.type === 'ServiceAccredited' ? 'serviceReinstated' : 'serviceSuspended')];
  },
  nextClock: () => undefined,
};

/** Entries of the directory, each a row of its own. */
export const directory = aggregateStore(kind);
