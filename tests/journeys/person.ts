import { randomUUID } from 'node:crypto';
import {
  Answer,
  type GetReferralResponse,
  UnderEighteen,
  Urgency,
} from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { call } from '@opennrm/runtime';
import { eventually, type Organisation, readReferral, type World } from './world.ts';

/** Somebody who needs a place; synthetic, and known here by references alone. */
export interface Person {
  readonly referralId: string;
  readonly members: readonly { readonly memberId: string; readonly caseReference: string }[];
}

export interface PersonOptions {
  readonly urgency?: Urgency;
  readonly group?: string;
  readonly party?: number;
  readonly region?: string;
  readonly excludedRegions?: readonly string[];
  /** Empty: the vault's word is awaited. */
  readonly basis?: string;
  readonly caseReferences?: readonly string[];
  /** Whose one responder asks; each time another responder of the world's otherwise. */
  readonly from?: Organisation;
  /** The live referral whose place this one takes. */
  readonly replaces?: string;
}

/** A bed, as it is asked for. */
export const needOf = ({ group, region, excludedRegions = [] }: PersonOptions) => ({
  need: 'safe-accommodation',
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

/** An emergency request is alone enough: no vault, no screening, two minutes. */
export async function request(world: World, options: PersonOptions = {}): Promise<Person> {
  const referralId = randomUUID();
  const members = Array.from({ length: options.party ?? 1 }, (_, nth) => ({
    memberId: randomUUID(),
    caseReference: options.caseReferences?.[nth] ?? randomUUID(),
  }));
  await call(
    world.referral,
    'requestReferral',
    {
      referralId,
      urgency: options.urgency ?? Urgency.EMERGENCY,
      basis: options.basis ?? 'vital-interest',
      foundTogetherId: '',
      replacesReferralId: options.replaces ?? '',
      party: members.map((member) => ({ ...member, underEighteen: UnderEighteen.NO })),
      need: needOf(options),
    },
    await (options.from?.as('responder') ?? world.responders.as('responder', randomUUID())),
  );
  withdrawAtEnd(world, referralId);
  return { referralId, members };
}

/** One referral that is left over would take the bed of the next journey. */
export function withdrawAtEnd(world: World, referralId: string): void {
  if (referralId === '') return;
  const end = { referralId, action: 'end', code: 'entered-in-error', serviceId: '' };
  world.onJourneyEnd(async () =>
    call(world.referral, 'override', end, await world.coordinators.as('coordinator')),
  );
}

/** Everyone in the party says yes (or no) to the place that is confirmed. @returns the referrals of those who left a party by their no. */
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
    const said = {
      referralId,
      offerId: offer,
      memberId,
      answer,
      code: yes ? '' : 'area',
      childViewHeard: false,
    };
    const { memberReferralId } = await call(world.referral, 'recordPersonAnswer', said, caseworker);
    withdrawAtEnd(world, memberReferralId);
    if (memberReferralId !== '') left.push(memberReferralId);
  }
  return left;
}

export function confirmedOffer(referral: GetReferralResponse): string {
  const offer = referral.offers.find((one) => one.status === 'confirmed');
  if (!offer) throw new Error('no place is confirmed');
  return offer.offerId;
}

const HOUR_MS = 3_600_000;

/** Names an escort, and times an hour apart. @returns the escort. */
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

/** The named escort alone reads the address, until arrival. It may be a moment until the shelter knows of the journey. */
export async function readAddress(world: World, holdId: string): Promise<string> {
  const escort = await world.responders.as('escort');
  return eventually(async () => {
    const { address } = await call(world.shelters, 'getArrivalAddress', { holdId }, escort);
    return address?.addressLine ?? '';
  });
}
