import { randomUUID } from 'node:crypto';
import { Answer } from '@opennrm/contracts/opennrm/referral/v1/offer.ts';
import type { GetReferralResponse } from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import { UnderEighteen, Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call } from '@opennrm/runtime';
import { eventually, type Organisation, readReferral, type World } from './world.ts';

/** A synthetic person who needs a place, known here by references alone. */
export interface Person {
  readonly referralId: string;
  readonly members: readonly { readonly memberId: string; readonly caseReference: string }[];
}

export interface PersonOptions {
  readonly urgency?: Urgency;
  /** A bed unless another need is named. */
  readonly need?: string;
  readonly group?: string;
  readonly party?: number;
  readonly region?: string;
  readonly excludedRegions?: readonly string[];
  /** Empty: the referral waits for a permission or a basis from the vault. */
  readonly basis?: string;
  readonly caseReferences?: readonly string[];
  /** The organisation whose one responder requests; without it each request comes from a new responder. */
  readonly from?: Organisation;
  /** The live referral that this one replaces. */
  readonly replaces?: string;
}

/** The need, as a request states it. */
export const needOf = ({ need, group, region, excludedRegions = [] }: PersonOptions) => ({
  need: need ?? 'safe-accommodation',
  group: group ?? 'women',
  region: region ?? 'harbour',
  whereNow: 'police',
  excludedRegions: [...excludedRegions],
  languages: ['en'],
  accessibility: [],
  care: [],
  risks: [],
  medicalUrgency: 'none',
  funding: '',
  wishes: { regions: [], languages: [], specialisms: [] },
});

/** A request that can be sent again: the same body with the same idempotency key. */
export interface RepeatableRequest {
  send(): Promise<Person>;
}

/** An emergency request suffices alone: no vault and no screening. */
export async function prepareRequest(
  world: World,
  options: PersonOptions = {},
): Promise<RepeatableRequest> {
  const referralId = randomUUID();
  const members = Array.from({ length: options.party ?? 1 }, (_, nth) => ({
    memberId: randomUUID(),
    caseReference: options.caseReferences?.[nth] ?? randomUUID(),
  }));
  const body = {
    referralId,
    urgency: options.urgency ?? Urgency.EMERGENCY,
    basis: options.basis ?? 'vital-interest',
    foundTogetherId: '',
    replacesReferralId: options.replaces ?? '',
    party: members.map((member) => ({ ...member, underEighteen: UnderEighteen.NO })),
    need: needOf(options),
  };
  const caller = await (options.from?.as('responder') ??
    world.responders.as('responder', randomUUID()));
  const key = randomUUID();
  return {
    async send() {
      await call(world.referral, 'requestReferral', body, { ...caller, key });
      withdrawAtEnd(world, referralId);
      return { referralId, members };
    },
  };
}

/** Requests a referral. */
export const request = async (world: World, options: PersonOptions = {}): Promise<Person> =>
  (await prepareRequest(world, options)).send();

/** A remaining referral could take the bed of the next journey. */
export function withdrawAtEnd(world: World, referralId: string): void {
  if (referralId === '') return;
  const end = { referralId, action: 'end', code: 'entered-in-error', serviceId: '' };
  world.onJourneyEnd(async () =>
    call(world.referral, 'override', end, await world.coordinators.as('coordinator')),
  );
}

/** Each member of the party accepts or declines the confirmed place. @returns the referrals of members who left the party because they declined. */
export async function recordAnswers(
  world: World,
  { referralId, members }: Person,
  yes: boolean,
): Promise<string[]> {
  const offer = confirmedOffer(await readReferral(world, referralId));
  const caseworker = await world.responders.as('caseworker');
  const left: string[] = [];
  for (const { memberId } of members) {
    const answer = yes ? Answer.YES : Answer.NO;
    const personAnswer = {
      referralId,
      offerId: offer,
      memberId,
      answer,
      code: yes ? '' : 'area',
      childViewHeard: false,
    };
    const { memberReferralId } = await call(
      world.referral,
      'recordPersonAnswer',
      personAnswer,
      caseworker,
    );
    withdrawAtEnd(world, memberReferralId);
    if (memberReferralId !== '') left.push(memberReferralId);
  }
  return left;
}

/** Waits until the referral has received records of full age: before, an answer needs the child's own view. */
export const untilAdults = (world: World, { referralId }: Person): Promise<void> =>
  eventually(async () => {
    const { party } = await readReferral(world, referralId);
    if (party.some(({ underEighteen }) => underEighteen !== UnderEighteen.NO))
      throw new Error('a member of the party is still treated as a child');
  });

export function confirmedOffer(referral: GetReferralResponse): string {
  const offer = referral.offers.find((one) => one.status === 'confirmed');
  if (!offer) throw new Error('no place is confirmed');
  return offer.offerId;
}

const HOUR_MS = 3_600_000;

/** Arranges the journey with an escort, to be collected in one hour and to arrive in two. @returns the escort. */
export async function arrange(world: World, { referralId }: Person): Promise<string> {
  const escortId = world.responders.personOf('escort');
  const times = {
    collectAt: new Date(world.now() + HOUR_MS),
    arriveAt: new Date(world.now() + 2 * HOUR_MS),
  };
  await call(
    world.referral,
    'arrangeJourney',
    { referralId, escortId, ...times },
    await world.responders.as('caseworker'),
  );
  return escortId;
}

/** Only the named escort can read the address, until arrival. Waits until the shelter knows the journey. */
export async function readAddress(world: World, holdId: string): Promise<string> {
  const escort = await world.responders.as('escort');
  return eventually(async () => {
    const { address } = await call(world.shelters, 'getArrivalAddress', { holdId }, escort);
    return address?.addressLine ?? '';
  });
}
