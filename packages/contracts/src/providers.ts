/**
 * The services that keep units for a referral and are installed: those with which `referral` has a topic each way. A need names one of them.
 *
 * `unitKinds`: what each can promise; a need for anything else is not provided by it. `isAccommodation`: whether a person sleeps there; for no other need
 * a place of last resort is named.
 */
const providers = {
  'shelter-capacity': { unitKinds: ['bed'], isAccommodation: true },
} as const;

export interface Provider {
  readonly unitKinds: readonly string[];
  readonly isAccommodation: boolean;
}

export const providerServices = Object.keys(providers);

/** @returns undefined for a service that is not installed, or promises nothing. */
export const providerOf = (service: string): Provider | undefined =>
  Object.hasOwn(providers, service) ? providers[service as keyof typeof providers] : undefined;
