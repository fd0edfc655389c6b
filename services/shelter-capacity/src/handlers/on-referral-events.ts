import { type Meta, systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { HoldId, HoldTerms } from '../domain/hold.ts';
import {
  confirmHold,
  refuseUnknown,
  refuseUnknownConfirmation,
  requestHold,
} from '../domain/holding.ts';
import type { ServiceId } from '../domain/site.ts';
import { addService } from '../domain/sites.ts';
import { providerOfHold, providerOfService } from '../outbound/owners.ts';
import { beginProvider, changeProvider, type Decide } from './provider-commands.ts';

/** `referral` asks for units. Also a service of which the directory has not spoken gets its answer. */
export async function onHoldRequested(
  tx: Transaction,
  meta: Meta,
  holdId: HoldId,
  terms: HoldTerms,
  until: Instant,
): Promise<void> {
  const providerId = await providerOfService(tx, terms.serviceId);
  if (providerId === undefined)
    return answerUnknown(tx, meta, terms.serviceId, () => refuseUnknown(holdId));
  await changeProvider(tx, providerId, meta.now, systemAuthor, (provider) =>
    requestHold(provider, holdId, terms, until, meta.now),
  );
}

/** `referral` asks for the promise; the hold may have ended meanwhile. */
export async function onConfirmRequested(
  tx: Transaction,
  meta: Meta,
  holdId: HoldId,
  terms: HoldTerms,
): Promise<void> {
  const providerId =
    (await providerOfHold(tx, holdId)) ?? (await providerOfService(tx, terms.serviceId));
  if (providerId === undefined)
    return answerUnknown(tx, meta, terms.serviceId, () => refuseUnknownConfirmation(holdId));
  await changeProvider(tx, providerId, meta.now, systemAuthor, (provider) =>
    confirmHold(provider, holdId, terms, meta.now),
  );
}

/** `referral` spoke of a hold. One that was never made here is foreign, and changes nothing. */
export async function onHoldEvent(
  tx: Transaction,
  meta: Meta,
  holdId: string,
  decide: Decide,
): Promise<void> {
  const providerId = await providerOfHold(tx, holdId);
  if (providerId !== undefined)
    await changeProvider(tx, providerId, meta.now, systemAuthor, decide);
}

/** The directory's word on whose a service is: from now on this organisation alone may register places for it. */
export async function onServiceRegistered(
  tx: Transaction,
  meta: Meta,
  organisationId: string,
  serviceId: ServiceId,
): Promise<void> {
  await beginProvider(tx, organisationId, meta.now, systemAuthor);
  await changeProvider(tx, organisationId, meta.now, systemAuthor, (provider) =>
    addService(provider, serviceId, meta.now),
  );
}

/** `referral` spoke of a service: suspended, or accredited again. */
export async function onServiceEvent(
  tx: Transaction,
  meta: Meta,
  serviceId: string,
  decide: Decide,
): Promise<void> {
  const providerId = await providerOfService(tx, serviceId);
  if (providerId !== undefined)
    await changeProvider(tx, providerId, meta.now, systemAuthor, decide);
}

/** The answer about an unknown service is kept under the service's own id: an answer needs an aggregate that gives it. */
async function answerUnknown(
  tx: Transaction,
  meta: Meta,
  serviceId: ServiceId,
  decide: Decide,
): Promise<void> {
  await beginProvider(tx, serviceId, meta.now, systemAuthor);
  await changeProvider(tx, serviceId, meta.now, systemAuthor, decide);
}
