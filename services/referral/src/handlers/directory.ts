import { type CountryPack, DIRECTORY } from '@opennrm/country';
import { type Author, answerFrom, systemAuthor } from '@opennrm/messaging';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import {
  accredit,
  accreditationOf,
  type DirectoryEntry,
  type DirectoryEvent,
  endAccreditation,
  type NewEntry,
  registerService,
  suspend,
} from '../domain/directory.ts';
import { serviceSuspended } from '../domain/suspension.ts';
import { signalAvailability } from '../outbound/availability-signals.ts';
import { freeUnits, storeHint } from '../outbound/capacity-hints.ts';
import { directory } from '../outbound/directory.ts';
import { lockReferralsOfService } from '../outbound/reads.ts';
import { announceOrganisation } from '../outbound/vault-messages.ts';
import { authorOf, changeReferral } from './change-referral.ts';

/** An organisation registers itself; the accreditation desk and the coordination desk register any. */
const mayRegister = (organisationId: string, call: Call): boolean =>
  call.actor.organisation === organisationId ||
  call.actor.holds('accreditor') ||
  call.actor.holds('coordinator');

export async function registerOrganisation(
  tx: Transaction,
  organisationId: string,
  kind: string,
  call: Call,
): Promise<Answer<{ organisationId: string }>> {
  if (!mayRegister(organisationId, call)) return refused('not-found', 'organisation_id');
  const { rowCount } = await tx.query({
    name: 'organisation-register',
    text: 'INSERT INTO organisation (id, kind, registered_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    values: [organisationId, kind, call.actor.organisation],
  });
  if (rowCount !== 1) return refused('already-exists', 'organisation_id');
  announceOrganisation(tx, { organisationId, kind }, { at: call.at, author: authorOf(call.actor) });
  return answer({ organisationId });
}

export async function register(
  tx: Transaction,
  pack: CountryPack,
  entry: NewEntry,
  call: Call,
): Promise<Answer<{ serviceId: string; accreditation: string }>> {
  const { rowCount } = await tx.query({
    name: 'organisation-known',
    text: 'SELECT 1 FROM organisation WHERE id = $1',
    values: [entry.organisationId],
  });
  if (rowCount === 0 || !mayRegister(entry.organisationId, call))
    return refused('not-found', 'organisation_id');
  const outcome = await directory.create(tx, entry.serviceId, registerService(entry, call.at), {
    at: call.at,
    author: authorOf(call.actor),
  });
  const need = pack.needs.find(({ code }) => code === entry.need);
  // It is not asked before it has declared its places.
  if (outcome.kind === 'accepted' && need?.providedBy === DIRECTORY)
    await storeHint(tx, {
      serviceId: entry.serviceId,
      unitKind: need.unitKind,
      free: 0,
      asOf: call.at,
      causedByHoldId: undefined,
    });
  return answerFrom(
    outcome,
    (state) => ({ serviceId: entry.serviceId, accreditation: accreditationOf(state, call.at) }),
    'service_id',
  );
}

const change = async (
  tx: Transaction,
  serviceId: string,
  call: Call,
  decide: (entry: DirectoryEntry) => Decision<DirectoryEvent, string>,
) => {
  const outcome = await directory.change(
    tx,
    serviceId,
    { at: call.at, author: authorOf(call.actor) },
    decide,
  );
  return answerFrom(
    outcome,
    (entry) => ({ accreditation: accreditationOf(entry, call.at) }),
    'service_id',
  );
};

/** Only the accreditation desk of the country accredits and suspends services. */
const ifAccreditor =
  (call: Call, decide: (entry: DirectoryEntry) => Decision<DirectoryEvent, string>) =>
  (entry: DirectoryEntry): Decision<DirectoryEvent, string> =>
    call.actor.holds('accreditor') ? decide(entry) : refuse('desk-not-held', 'service_id');

interface AccreditationRequest {
  readonly serviceId: string;
  readonly until: Instant;
  readonly unlessDeclared?: boolean;
}

/** No one may accredit a service of their own organisation. Referrals that wait for such a service are woken after this transaction. */
export async function accreditService(
  tx: Transaction,
  pack: CountryPack,
  { serviceId, until, unlessDeclared }: AccreditationRequest,
  call: Call,
) {
  const vet = (entry: DirectoryEntry): Decision<DirectoryEvent, string> =>
    entry.organisationId === call.actor.organisation
      ? refuse('own-service', 'service_id')
      : accredit(entry, until, call.at, unlessDeclared);
  const result = await change(tx, serviceId, call, ifAccreditor(call, vet));
  if (result.kind === 'refused') return result;
  const units = (await freeUnits(tx, serviceId)) ?? pack.limits.wakes;
  await signalAvailability(tx, { serviceId, units }, call.at);
  return result;
}

/** The offers of the service are withdrawn in the same transaction, so that it can accept none of them any more. */
export async function suspendService(
  tx: Transaction,
  pack: CountryPack,
  serviceId: string,
  code: string,
  call: Call,
) {
  const result = await change(
    tx,
    serviceId,
    call,
    ifAccreditor(call, (entry) => suspend(entry, code, call.at)),
  );
  if (result.kind === 'refused') return result;
  await withdrawOffersOfService(tx, pack, serviceId, { at: call.at, author: authorOf(call.actor) });
  return result;
}

/** An accreditation ended by time: the same follows as from a suspension. */
export const onAccreditationEnded =
  (pack: CountryPack) =>
  async (tx: Transaction, serviceId: string, now: Instant): Promise<void> => {
    const context = { at: now, author: systemAuthor };
    const ended = await directory.change(tx, serviceId, context, (entry) =>
      endAccreditation(entry, now),
    );
    if (ended.kind === 'accepted') await withdrawOffersOfService(tx, pack, serviceId, context);
  };

async function withdrawOffersOfService(
  tx: Transaction,
  pack: CountryPack,
  serviceId: string,
  { at, author }: { readonly at: Instant; readonly author: Author },
): Promise<void> {
  // All of them before the first change: the change of one may ask the module `directory`, which is locked after every referral.
  for (const referralId of await lockReferralsOfService(tx, serviceId)) {
    await changeReferral(tx, pack, at, author, referralId, (referral, knowledge) =>
      serviceSuspended(referral, serviceId, knowledge),
    );
  }
}
