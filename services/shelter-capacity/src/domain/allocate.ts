import { type Answer, type ProviderRules, sharesApartId } from '@opennrm/holding';
import type { RefusalCause } from './events.ts';
import type { Hold, HoldTerms, UnitsAtSite } from './hold.ts';
import { isOwn, type Provider } from './provider.ts';
import { isSufficient, smallestSufficient } from './sufficient.ts';

/** What a shelter decides about its units: which ones a hold gets, and whether they still suffice. */
export const rulesOf = (
  provider: Provider,
): ProviderRules<HoldTerms, UnitsAtSite, RefusalCause, Hold> => ({
  allocate: (terms, holds) => allocate({ ...provider, holds }, terms),
  suffices: (hold, terms) => isSufficient(provider, hold, terms),
});

/**
 * Whether units can be given for a hold that does not exist yet. Every refusal takes the same path and the same time; only this service
 * knows the rule.
 */
function allocate(provider: Provider, terms: HoldTerms): Answer<UnitsAtSite, RefusalCause> {
  const allocation = smallestSufficient(provider, terms);
  const apart = sharesApartId(provider.holds, terms.apartIds);
  if (!isOwn(provider, terms.serviceId)) return { cause: 'unknown-service' };
  if (provider.suspended.includes(terms.serviceId)) return { cause: 'suspended' };
  if (apart) return { cause: 'keep-apart' };
  if (!allocation) return { cause: 'no-free-unit' };
  const { site, unitIds } = allocation;
  return { siteId: site.siteId, unitIds };
}
