/** How the person reaches the service after they agreed: by a journey with an escort, at an agreed appointment, or by a named worker. */
export const deliveries = ['journey', 'appointment', 'assignment'] as const;
export type Delivery = (typeof deliveries)[number];

export interface Provider {
  readonly unitKinds: Readonly<Record<string, readonly Delivery[]>>;
  readonly isAccommodation: boolean;
}

/**
 * What reserves units for a referral. Each need names one of these. A service of its own has a topic from and to `referral`. `directory` is
 * not a service: it is the module inside `referral` that provides small services. It is asked in the same transaction, without a topic.
 *
 * `unitKinds`: what it can reserve, with the deliveries that are possible for each kind; it provides no need of another kind.
 * `isAccommodation`: whether the person sleeps there; a place of last resort is named only for such a need.
 */
const providers = {
  'shelter-capacity': { unitKinds: { bed: ['journey'] }, isAccommodation: true },
  directory: {
    unitKinds: {
      place: ['appointment'],
      appointment: ['appointment'],
      'caseload-slot': ['assignment'],
    },
    isAccommodation: false,
  },
} as const satisfies Readonly<Record<string, Provider>>;

/** The module inside `referral`, as a need names it. */
export const DIRECTORY = 'directory' satisfies keyof typeof providers;

export const providerServices = Object.keys(providers);

/** @returns undefined for a service that is not installed or reserves nothing. */
export const providerOf = (service: string): Provider | undefined =>
  Object.hasOwn(providers, service) ? providers[service as keyof typeof providers] : undefined;

/** @returns undefined for a kind of unit that the provider does not have. */
export const deliveriesOf = (
  { unitKinds }: Provider,
  unitKind: string,
): readonly Delivery[] | undefined =>
  Object.hasOwn(unitKinds, unitKind) ? unitKinds[unitKind] : undefined;
