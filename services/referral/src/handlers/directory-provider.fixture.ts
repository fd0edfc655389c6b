import { randomUUID } from 'node:crypto';
import { systemAuthor } from '@opennrm/messaging';
import type { Answer, Call, Transaction } from '@opennrm/runtime';
import { after, hours, type Instant } from '@opennrm/runtime/decision';
import { accredit } from '../domain/directory.ts';
import type { CaseReference, MemberId, OrganisationId, ReferralId } from '../domain/need.ts';
import type { Acceptance } from '../domain/offer.ts';
import type { Declared } from '../domain/places/declared.ts';
import { monday, need, pack, service } from '../domain/saga.fixture.ts';
import { directory } from '../outbound/directory.ts';
import { callOf, type referralDatabase } from '../outbound/referral-database.fixture.ts';
import { register } from './directory.ts';
import * as places from './places.ts';
import { request } from './requests.ts';

type World = Awaited<ReturnType<typeof referralDatabase>>;

/** A service of the directory, with the calls of its staff. */
export interface DirectoryService {
  readonly serviceId: string;
  readonly organisationId: string;
  readonly declare: (declared: Declared, at?: Instant) => Promise<Answer<{ free: number }>>;
  readonly callAt: (at: Instant) => Call;
}

/** Registers, accredits and declares a service whose need the module `directory` provides. The directory has no other service. */
export async function directoryService(
  { database, inTransaction }: World,
  needCode: string,
  declared: Declared,
  acceptance: Acceptance = 'by-offer',
): Promise<DirectoryService> {
  const organisationId = randomUUID() as string as OrganisationId;
  const {
    hint: _hint,
    openOffers: _open,
    unansweredLately: _late,
    accreditedUntil: _until,
    ...entry
  } = service(acceptance, { serviceId: randomUUID() as never, organisationId, need: needCode });
  const callAt = (at: Instant): Call => callOf(at, 'provider', organisationId);
  const declare = (one: Declared, at: Instant = monday) =>
    inTransaction((tx) =>
      places.declare(tx, pack, { serviceId: entry.serviceId, declared: one }, callAt(at)),
    );
  await database.query('UPDATE service SET accredited_until = NULL');
  await inTransaction(async (tx) => {
    await tx.query(
      `INSERT INTO organisation (id, kind, registered_by) VALUES ($1, 'private', $1)`,
      [organisationId],
    );
    await register(tx, pack, entry, callAt(monday));
    const context = { at: monday, author: systemAuthor };
    await directory.change(tx, entry.serviceId, context, (known) =>
      accredit(known, after(monday, hours(9_999)), monday),
    );
  });
  const given = await declare(declared);
  if (given.kind !== 'answer') throw new Error(`the declaration was refused: ${given.refusal}`);
  return { serviceId: entry.serviceId, organisationId, declare, callAt };
}

interface Wanted {
  readonly at?: Instant;
  readonly needCode?: string;
  readonly call?: Call;
  readonly under?: string;
  readonly replaces?: string;
  readonly members?: number;
}

/** Requests a service of the directory for one person or a party, as an emergency. @returns the id of the referral. */
export async function requestOfDirectory(
  tx: Transaction,
  {
    at = monday,
    needCode = 'medical-care',
    call = callOf(at),
    under = randomUUID(),
    replaces,
    members = 1,
  }: Wanted = {},
): Promise<string> {
  const referralId = randomUUID() as string as ReferralId;
  const asked = {
    referralId,
    ownerOrg: call.actor.organisation as OrganisationId,
    requestedBy: call.actor.person,
    need: { ...need, need: needCode },
    urgency: 'emergency',
    basis: 'vital-interest',
    foundTogether: undefined,
    party: Array.from({ length: members }, (_, nth) => ({
      memberId: randomUUID() as string as MemberId,
      caseReference: (nth === 0 ? under : randomUUID()) as CaseReference,
      underEighteen: 'no' as const,
    })),
  } as const;
  const given = await request(tx, pack, asked, call, replaces);
  if (given.kind !== 'answer') throw new Error(`the request was refused: ${given.refusal}`);
  return referralId;
}
