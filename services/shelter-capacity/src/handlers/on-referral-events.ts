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
import { providerOfHold, providerOfService } from '../outbound/provider-of.ts';
import { beginProvider, changeProvider, type Decide } from './provider-commands.ts';

/** `referral` requests a hold. A service that the directory has not announced gets an answer too. */
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

/** `referral` requests a confirmation. The hold may have ended since. */
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

/** Applies an event of `referral` about a hold. A hold that never existed here is ignored. */
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

/** The directory announced the organisation of a service: from now on only this organisation may register sites for it. */
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

/** Applies an event of `referral` about a service: suspended, or accredited again. */
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

/** The answer for an unknown service is stored under the id of the service, because a message needs an aggregate. */
async function answerUnknown(
  tx: Transaction,
  meta: Meta,
  serviceId: ServiceId,
  decide: Decide,
): Promise<void> {
  await beginProvider(tx, serviceId, meta.now, systemAuthor);
  await changeProvider(tx, serviceId, meta.now, systemAuthor, decide);
}
