import type { HoldTerms as WireTerms } from '@opennrm/contracts/opennrm/capacity/v1/to_provider.ts';
import { topics } from '@opennrm/contracts/topics';
import { CannotApply, type Subscription, subscription } from '@opennrm/messaging';
import { type Instant, instant } from '@opennrm/runtime/decision';
import type { HoldId, HoldTerms } from '../domain/hold.ts';
import { addApart, releaseHold, resizeHold } from '../domain/holding.ts';
import { endEscort, nameEscort } from '../domain/journey.ts';
import type { ServiceId } from '../domain/site.ts';
import { reinstateService, suspendService } from '../domain/sites.ts';
import {
  onConfirmRequested,
  onHoldEvent,
  onHoldRequested,
  onServiceEvent,
  onServiceRegistered,
} from '../handlers/on-referral-events.ts';
import { lockProvidersOf } from '../outbound/owners.ts';

/** The events of `referral`, translated to decisions of this service. */
export const fromReferral: Subscription = subscription(
  topics.referralForShelterCapacity,
  {
    holdRequested: (tx, { holdId, terms, until }, meta) =>
      onHoldRequested(tx, meta, holdId as HoldId, termsOf(terms), moment(until)),
    confirmRequested: (tx, { holdId, terms }, meta) =>
      onConfirmRequested(tx, meta, holdId as HoldId, termsOf(terms)),
    holdReleaseRequested: (tx, { holdId }, meta) =>
      onHoldEvent(tx, meta, holdId, (provider) =>
        releaseHold(provider, holdId as HoldId, 'asked', meta.now),
      ),
    holdResized: (tx, { holdId, places }, meta) =>
      onHoldEvent(tx, meta, holdId, (provider) =>
        resizeHold(provider, holdId as HoldId, places, meta.now),
      ),
    holdApartAdded: (tx, { holdId, apartId }, meta) =>
      onHoldEvent(tx, meta, holdId, (provider) =>
        addApart(provider, holdId as HoldId, apartId, meta.now),
      ),
    deliveryArranged: (tx, { holdId, journey }, meta) => {
      if (!journey) throw new CannotApply('a person comes to a shelter by a journey alone');
      const escort = {
        escortId: journey.escortId,
        expectedAt: moment(journey.expectedAt),
        addressUntil: moment(journey.addressUntil),
      };
      return onHoldEvent(tx, meta, holdId, (provider) =>
        nameEscort(provider, holdId as HoldId, escort),
      );
    },
    deliveryEnded: (tx, { holdId }, meta) =>
      onHoldEvent(tx, meta, holdId, (provider) => endEscort(provider, holdId as HoldId)),
    serviceRegistered: (tx, { serviceId, organisationId }, meta) =>
      onServiceRegistered(tx, meta, organisationId, serviceId as ServiceId),
    serviceSuspended: (tx, { serviceId }, meta) =>
      onServiceEvent(tx, meta, serviceId, (provider) =>
        suspendService(provider, serviceId as ServiceId, meta.now),
      ),
    serviceReinstated: (tx, { serviceId }, meta) =>
      onServiceEvent(tx, meta, serviceId, (provider) =>
        reinstateService(provider, serviceId as ServiceId, meta.now),
      ),
  },
  {
    lockFirst: (tx, events) =>
      lockProvidersOf(tx, {
        providerIds: events.flatMap(({ value }) =>
          'organisationId' in value ? value.organisationId : [],
        ),
        serviceIds: events.flatMap(({ value }) =>
          'serviceId' in value
            ? value.serviceId
            : 'terms' in value
              ? (value.terms?.serviceId ?? [])
              : [],
        ),
        holdIds: events.flatMap(({ value }) => ('holdId' in value ? value.holdId : [])),
      }),
  },
);

function moment(date: Date | undefined): Instant {
  if (!date) throw new CannotApply('a moment is missing');
  return instant(date.getTime());
}

function termsOf(terms: WireTerms | undefined): HoldTerms {
  if (!terms || terms.places < 1) throw new CannotApply('the terms of a hold are missing');
  const { serviceId, unitKind, places, attributes, apartIds, group } = terms;
  return { serviceId: serviceId as ServiceId, unitKind, places, attributes, apartIds, group };
}
