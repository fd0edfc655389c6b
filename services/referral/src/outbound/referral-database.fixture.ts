import { randomUUID } from 'node:crypto';
import { desksOf } from '@opennrm/country';
import { systemAuthor } from '@opennrm/messaging';
import { Actor, type Call, type Transaction } from '@opennrm/runtime';
import { after, hours, type Instant } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import type { Decide } from '../domain/decide.ts';
import { accredit, registerService } from '../domain/directory.ts';
import type { Service } from '../domain/matching/service.ts';
import type {
  CaseReference,
  MemberId,
  OrganisationId,
  ReferralId,
  UnderEighteen,
} from '../domain/need.ts';
import { type LoadedService, monday, need, pack, service } from '../domain/saga.fixture.ts';
import { changeReferral } from '../handlers/change-referral.ts';
import { onDeadlineDue } from '../handlers/on-deadline-due.ts';
import { request } from '../handlers/requests.ts';
import { directory } from './directory.ts';
import { referrals } from './referrals.ts';

/** The organisation that holds a desk of the country, or a random one where the country does not name a holder. */
const holderOf = (role: string): string =>
  pack.roles.find(({ code }) => code === role)?.heldBy?.[0] ?? randomUUID();

/** A call by a member of the organisation that holds the desk, unless another organisation is named. */
export const callOf = (at: Instant, role = 'caseworker', organisation = holderOf(role)): Call => ({
  actor: new Actor({ person: randomUUID(), organisation, role }, desksOf(pack)),
  at,
  rpc: 'spec',
});

export interface Asked {
  readonly referralId: string;
  /** The call that requested it. */
  readonly call: Call;
}

/** `referral` on a real PostgreSQL, with its own database role. */
export async function referralDatabase() {
  const { database, contents, drop } = await testDatabase('referral');
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction(work);

  async function addService(tx: Transaction, one: LoadedService): Promise<void> {
    const {
      hint: _hint,
      openOffers: _open,
      unansweredLately: _late,
      accreditedUntil: _until,
      ...entry
    } = one;
    const context = { at: monday, author: systemAuthor };
    await tx.query(
      `INSERT INTO organisation (id, kind, registered_by) VALUES ($1, 'private', $1)`,
      [one.organisationId],
    );
    await directory.create(tx, one.serviceId, registerService(entry, monday), context);
    await directory.change(tx, one.serviceId, context, (known) =>
      accredit(known, after(monday, hours(999)), monday),
    );
  }

  return {
    database,
    contents,
    drop,
    inTransaction,
    /** From now on only these services are accredited: shelters, unless another need is named. */
    async setShelters(
      count: number,
      needCode = need.need,
      regions = [need.region],
    ): Promise<LoadedService[]> {
      const shelters = Array.from({ length: count }, (_, nth) =>
        service('by-offer', {
          need: needCode,
          region: regions[nth % regions.length] ?? need.region,
          serviceId: randomUUID() as string as Service['serviceId'],
          organisationId: randomUUID() as string as OrganisationId,
        }),
      );
      await inTransaction(async (tx) => {
        await tx.query('UPDATE service SET accredited_until = NULL');
        for (const one of shelters) await addService(tx, one);
      });
      return shelters;
    },
    /** An emergency of one person or of a party, under these case references or new ones. */
    async requestEmergency(
      at: Instant = monday,
      members = 1,
      {
        call = callOf(at),
        under = [],
        underEighteen = 'no',
        needCode = need.need,
        wishedRegions = [],
      }: {
        readonly call?: Call;
        readonly under?: readonly string[];
        readonly underEighteen?: UnderEighteen;
        readonly needCode?: string;
        readonly wishedRegions?: readonly string[];
      } = {},
    ): Promise<Asked> {
      const referralId = randomUUID() as string as ReferralId;
      const asked = {
        referralId,
        ownerOrg: call.actor.organisation as OrganisationId,
        requestedBy: call.actor.person,
        need: {
          ...need,
          need: needCode,
          wishes: { ...need.wishes, regions: wishedRegions },
        },
        ...({ urgency: 'emergency', basis: 'vital-interest', foundTogether: undefined } as const),
        party: Array.from({ length: members }, (_, nth) => ({
          memberId: randomUUID() as string as MemberId,
          caseReference: (under[nth] ?? randomUUID()) as string as CaseReference,
          underEighteen,
        })),
      };
      const given = await inTransaction((tx) => request(tx, pack, asked, call));
      if (given.kind !== 'answer') throw new Error('the request was refused');
      return { referralId, call };
    },
    /** Applies a decision as the system, as an event of a shelter does. */
    applyDecision: (referralId: string, at: Instant, decide: Decide) =>
      inTransaction((tx) => changeReferral(tx, pack, at, systemAuthor, referralId, decide)),
    passDeadlines: (referralId: string, at: Instant) =>
      inTransaction((tx) => onDeadlineDue(pack)(tx, referralId, at)),
    async stateOf(referralId: string) {
      const referral = await referrals.find(database, referralId);
      if (!referral) throw new Error('no such referral');
      return referral;
    },
  };
}
