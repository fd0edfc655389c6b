import type { GetReferralResponse } from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import { call } from '@opennrm/runtime';
import type { Request } from '../actors/request.ts';
import { rowsOf } from '../rows.ts';
import type { Simulation } from '../simulation.ts';

/** One event of a referral, in codes. A service is shown by a letter; `service`, `code` and `role` are empty where there is none. */
export interface CaseEvent {
  readonly at: number;
  readonly event: string;
  readonly service: string;
  readonly code: string;
  readonly role: string;
}

/** One referral with its reasons. It has no name, address or story. */
export interface OneCase {
  readonly referralId: string;
  readonly urgency: string;
  readonly group: string;
  readonly partySize: number;
  readonly events: readonly CaseEvent[];
  readonly reasons: Reasons;
}

/** Why these services were asked first: the terms of each one, and how many of the others each rule excluded, in a band. */
export interface Reasons {
  readonly ruleVersion: string;
  readonly servicesChecked: string;
  readonly asked: readonly { readonly service: string; readonly terms: string }[];
  readonly excludedBy: readonly { readonly rule: string; readonly band: string }[];
}

/** Reads the referral of one person: the arrived one with the most events (below 60). */
export async function readOneCase(
  simulation: Simulation,
  requests: readonly Request[],
  coordinators: string,
): Promise<OneCase | undefined> {
  const [row] = await rowsOf<{ id: string }>(
    simulation.platform.service('referral'),
    `SELECT r.id FROM referral r JOIN journal j ON j.aggregate_id = r.id AND j.topic IS NULL
     WHERE r.stage = 'started' GROUP BY r.id HAVING count(*) < 60 ORDER BY count(*) DESC LIMIT 1`,
  );
  const request = requests.find((one) => one.referralId === row?.id);
  if (!request) return undefined;
  const token = await simulation.token(coordinators, 'coordinator');
  const { referralId, need } = request;
  const { referral: client } = simulation.clients;
  const referral = await call(client, 'getReferral', { referralId }, { token });
  const lettersByOffer = new Map(
    referral.offers.map(({ offerId }, nth) => [
      offerId,
      `service ${String.fromCharCode(65 + (nth % 26))}`,
    ]),
  );
  return {
    referralId,
    urgency: need.urgency,
    group: need.group,
    partySize: need.party.length,
    events: referral.timeline.toReversed().map(({ at, event, offerId, code, role }) => ({
      at: (at ?? new Date(0)).getTime(),
      event,
      service: lettersByOffer.get(offerId) ?? '',
      code,
      role: role === 'system' ? '' : role,
    })),
    reasons: await readReasons(simulation, referral, lettersByOffer, token),
  };
}

async function readReasons(
  { clients }: Simulation,
  { referralId, offers }: Pick<GetReferralResponse, 'referralId' | 'offers'>,
  lettersByOffer: ReadonlyMap<string, string>,
  token: string,
): Promise<Reasons> {
  const asked = { referralId, search: 1 };
  const decision = await call(clients.referral, 'getDecision', asked, { token });
  const letterOf = (serviceId: string): string =>
    lettersByOffer.get(offers.find((one) => one.serviceId === serviceId)?.offerId ?? '') ??
    'another service';
  return {
    ruleVersion: decision.ruleVersion,
    servicesChecked: decision.checkedBand,
    asked: decision.candidates
      .filter((one) => one.isAsked)
      .map(({ serviceId, terms }) => ({
        service: letterOf(serviceId),
        terms: terms.map(({ term, value }) => `${term} ${value}`).join(', '),
      })),
    excludedBy: decision.excludedBy,
  };
}
