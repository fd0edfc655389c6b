import { type EventOf, topics } from '@opennrm/contracts/topics';
import { type OutgoingMessage, outgoing } from '@opennrm/messaging';
import type { ProviderEvent } from '../domain/events.ts';
import type { Provider } from '../domain/provider.ts';

type ToReferral = EventOf<typeof topics.shelterCapacityForReferral>;

/** Other services receive one code for every cause: keep-apart looks the same as "no free unit" (design rule 5). */
const NOT_POSSIBLE = 'not-possible-here';
const PURPOSE = 'accommodation';

const toReferral = (key: string, event: ToReferral): OutgoingMessage[] => [
  outgoing(topics.shelterCapacityForReferral, key, event),
];

/** The messages to other services about an event; most events have none. */
export function messagesOf(event: ProviderEvent, _state: Provider): OutgoingMessage[] {
  switch (event.type) {
    case 'UnitsHeld': {
      const { holdId, until } = event;
      return toReferral(holdId, {
        $case: 'unitHeld',
        value: { holdId, until: new Date(until) },
      });
    }
    case 'HoldRefused':
      return toReferral(event.holdId, {
        $case: 'holdRefused',
        value: { holdId: event.holdId, code: NOT_POSSIBLE },
      });
    case 'HoldReleased':
      return toReferral(event.holdId, {
        $case: 'holdReleased',
        value: { holdId: event.holdId, code: event.code },
      });
    case 'UnitsConfirmed':
      return toReferral(event.holdId, {
        $case: 'unitConfirmed',
        value: { holdId: event.holdId },
      });
    case 'UnitsUnavailable':
      return toReferral(event.holdId, {
        $case: 'unitUnavailable',
        value: { holdId: event.holdId, code: NOT_POSSIBLE },
      });
    case 'ApartOverlapFound':
      return toReferral(event.holdId, {
        $case: 'holdNeedsReview',
        value: { holdId: event.holdId },
      });
    case 'CapacityChanged':
      return toReferral(event.serviceId, capacity(event));
    case 'AddressRead':
      return [disclosure(event)];
    default:
      return stayMessages(event);
  }
}

function stayMessages(event: ProviderEvent): OutgoingMessage[] {
  switch (event.type) {
    case 'Arrived':
      return toReferral(event.holdId, {
        $case: 'serviceStarted',
        value: { holdId: event.holdId, at: new Date(event.at) },
      });
    case 'DidNotArrive':
      return toReferral(event.holdId, {
        $case: 'didNotStart',
        value: { holdId: event.holdId, code: '' },
      });
    case 'StayMoved':
      return stayChanged(event.holdId, 'moved');
    case 'StayAbsent':
      return stayChanged(event.holdId, 'absent');
    case 'AbsenceOverdue':
      return stayChanged(event.holdId, 'absence-overdue');
    case 'StayMissing':
      return stayChanged(event.holdId, 'missing');
    case 'StayReturned':
      return stayChanged(event.holdId, 'returned');
    case 'StayEnded':
      return stayChanged(event.holdId, event.code, true);
    default:
      return [];
  }
}

const stayChanged = (holdId: string, code: string, ended = false): OutgoingMessage[] =>
  toReferral(holdId, { $case: 'serviceChanged', value: { holdId, code, ended } });

const capacity = ({
  serviceId,
  unitKind,
  free,
  causedBy,
  at,
}: ProviderEvent & { type: 'CapacityChanged' }): ToReferral => ({
  $case: 'capacityChanged',
  value: { serviceId, unitKind, free, asOf: new Date(at), causedByHoldId: causedBy ?? '' },
});

/** Every read of an address is announced to the vault, which shows it to the person. */
function disclosure({
  holdId,
  person: personId,
  organisation: organisationId,
  at,
}: ProviderEvent & { type: 'AddressRead' }): OutgoingMessage {
  const value = {
    holdId,
    organisationId,
    personId,
    content: 'arrival-address',
    purpose: PURPOSE,
    basis: 'named-escort',
    at: new Date(at),
  };
  return outgoing(topics.shelterCapacityForCaseVault, holdId, { $case: 'disclosureMade', value });
}
