import type { Referral } from './referral.ts';
import type { Knowledge } from './steps.ts';
import { isCoveredForEveryone } from './vault.fixture.ts';

/**
 * The safety rules, written a second time without the tested code: this service is safe for every member of the party, as far as is
 * known now.
 */
export function isSafe(referral: Referral, serviceId: string, knowledge: Knowledge): boolean {
  const service = knowledge
    .servicesFor('safe-accommodation')
    .find((one) => one.serviceId === serviceId);
  return (
    service !== undefined &&
    suits(referral, serviceId, knowledge) &&
    isCoveredForEveryone(referral, service, knowledge)
  );
}

/** The same without the legal basis. */
export function suits(
  { need, party }: Referral,
  serviceId: string,
  { servicesFor, now }: Knowledge,
): boolean {
  const service = servicesFor('safe-accommodation').find((one) => one.serviceId === serviceId);
  if (!service || (service.accreditedUntil ?? 0) <= now) return false;
  const { groups, childLicence } = service.criteria;
  const ages = party.map((member) => member.underEighteen);
  const children = ages.filter((age) => age === 'yes' || age === 'unsure');
  if (!groups.includes(need.group) || need.excludedRegions.includes(service.region)) return false;
  if (children.length > 0 && !childLicence) return false;
  const alone = children.length === party.length;
  return !alone || groups.includes(ages.includes('unsure') ? 'age-disputed' : 'child');
}
