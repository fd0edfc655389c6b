import type { CountryPack } from '@opennrm/country';
import { after, type Instant } from '@opennrm/runtime/decision';
import type { ServiceId } from '../need.ts';
import { CLOSED_ON_STANDBY, type Offer } from '../offer.ts';
import type { Referral } from '../referral.ts';
import type { RuleCode } from './candidate.ts';
import type { Service } from './service.ts';

/** The code of a hold that was requested and neither made nor refused in time. */
export const NO_ANSWER = 'no-answer';

/** Services that the person declined, in this referral or before it began. A new version of the need ends this bar. */
export const declinedServiceIdsOf = ({
  offers,
  needVersion,
  declinedServiceIds = [],
}: Referral): ServiceId[] =>
  offers
    .filter((offer) => offer.status === 'person-declined' && offer.needVersion === needVersion)
    .map(({ serviceId }) => serviceId)
    .concat(needVersion === 1 ? declinedServiceIds : []);

/**
 * Why a service that was asked before is not asked again now; undefined when it may be. Every bar ends: by time, by a new version of the
 * need, by a new round, by changed capacity, or by the person's decision (`matching.md` §1).
 */
export function barOf(
  referral: Referral,
  service: Service,
  now: Instant,
  pack: CountryPack,
): RuleCode | undefined {
  if (declinedServiceIdsOf(referral).includes(service.serviceId)) return 'PERSON_DECLINED';
  const asked = referral.offers.filter((offer) => offer.serviceId === service.serviceId);
  const last = asked.at(-1);
  if (!last) return undefined;
  const capacityRose = capacityRoseSince(last, service, referral);
  switch (last.status) {
    case 'not-possible':
    case 'lost':
      if (isObjection(last, pack)) return barOfDecline(last, referral, now, pack, capacityRose);
      return capacityRose ||
        wasAskedForMore(last, referral) ||
        hasReportedSince(last, service, now, pack)
        ? undefined
        : 'NOT_POSSIBLE_HERE';
    case 'declined':
      return barOfDecline(last, referral, now, pack, capacityRose);
    case 'closed':
      return last.round < referral.round || last.code === CLOSED_ON_STANDBY
        ? undefined
        : 'ALREADY_ASKED';
    case 'person-declined':
    case 'set-aside':
    case 'withdrawn':
      return undefined;
    case 'holding':
    case 'open':
    case 'softened':
    case 'standby':
    case 'confirming':
    case 'confirmed':
      return 'ALREADY_ASKED';
  }
}

/** A contracted place was lost because its service objected. */
const isObjection = ({ code }: Offer, { declineCodes }: CountryPack): boolean =>
  declineCodes.some((decline) => decline.code === code);

/** A service that refused a larger or different request may be able to meet the present one. */
const wasAskedForMore = ({ round, needVersion, places = 0 }: Offer, referral: Referral): boolean =>
  round < referral.round || needVersion < referral.needVersion || referral.party.length < places;

/**
 * A service that did not answer in time, but has reported its capacity since, may be asked again after another `holdingMs`. This also
 * holds where the only unit that became free is the late hold that this referral released: after an outage nothing else may become free
 * there.
 */
const hasReportedSince = (
  last: Offer,
  service: Service,
  now: Instant,
  pack: CountryPack,
): boolean =>
  last.code === NO_ANSWER &&
  last.endedAt !== undefined &&
  (service.hint?.asOf ?? 0) > last.endedAt &&
  now >= after(last.endedAt, pack.deadlines.holdingMs);

function barOfDecline(
  last: Offer,
  referral: Referral,
  now: Instant,
  pack: CountryPack,
  capacityRose: boolean,
): RuleCode | undefined {
  const code = last.code === 'conflict-of-interest' ? 'CONFLICT' : 'DECLINED_RECENTLY';
  const bar = pack.declineCodes.find((decline) => decline.code === last.code)?.bar;
  switch (bar?.kind) {
    case 'until-capacity-changes':
      return capacityRose ? undefined : code;
    case 'until-need-changes':
      return last.needVersion === referral.needVersion ? code : undefined;
    case 'for-a-time':
      return now < after(last.endedAt ?? last.askedAt, bar.ms) ? code : undefined;
    case undefined:
      return last.round < referral.round ? undefined : code;
  }
}

/** When the next bar ends by time alone; undefined where none does. Other bars end by an event, which wakes the referral. */
export function nextEndOfBar(
  referral: Referral,
  now: Instant,
  pack: CountryPack,
): Instant | undefined {
  const latest = new Map(referral.offers.map((offer) => [offer.serviceId, offer]));
  const ends = [...latest.values()]
    .flatMap((offer) => endOfBar(offer, pack) ?? [])
    .filter((end) => end > now);
  return ends.length > 0 ? (Math.min(...ends) as Instant) : undefined;
}

function endOfBar({ status, code, endedAt }: Offer, pack: CountryPack): Instant | undefined {
  if (endedAt === undefined) return undefined;
  if (status !== 'not-possible' && status !== 'lost' && status !== 'declined') return undefined;
  if (code === NO_ANSWER) return after(endedAt, pack.deadlines.holdingMs);
  const bar = pack.declineCodes.find((decline) => decline.code === code)?.bar;
  return bar?.kind === 'for-a-time' ? after(endedAt, bar.ms) : undefined;
}

/** Units became free since then, other than those of this referral's own holds. */
function capacityRoseSince(offer: Offer, service: Service, referral: Referral): boolean {
  const { increasedAt, increasedByHold } = service.hint ?? {};
  if (increasedAt === undefined || increasedAt <= (offer.endedAt ?? offer.askedAt)) return false;
  return !referral.offers.some((own) => own.offerId === increasedByHold);
}
