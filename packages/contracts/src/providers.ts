/**
 * The installed services that reserve units for a referral: those with a topic from and to `referral`. Each need names one of them.
 *
 * `unitKinds`: what the service can reserve; it provides no need of another kind. `isAccommodation`: whether the person sleeps there; a
 * place of last resort is named only for such a need.
 */
const providers = {
  'shelter-capacity': { unitKinds: ['bed'], isAccommodation: true },
} as const;

export interface Provider {
  readonly unitKinds: readonly string[];
  readonly isAccommodation: boolean;
}

export const providerServices = Object.keys(providers);

/** @returns undefined for a service that is not installed or reserves nothing. */
export const providerOf = (service: string): Provider | undefined =>
  Object.hasOwn(providers, service) ? providers[service as keyof typeof providers] : undefined;
