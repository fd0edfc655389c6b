import type { CountryPack } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import type { CaseBasis } from './matching/basis.ts';
import type { Service, ServiceLoad } from './matching/service.ts';
import type { ServiceId } from './need.ts';
import { evolve, type Referral } from './referral.ts';

/** What a decision may use besides the referral. Time and ids come in as data. */
export interface Knowledge {
  readonly now: Instant;
  readonly pack: CountryPack;
  /** A new random UUID at each call. */
  readonly mint: () => string;
  /** The services for a need. */
  readonly servicesFor: (need: string) => readonly Service[];
  /** How much these services are asked. A service without offers is missing. */
  readonly loadsOf: (serviceIds: readonly ServiceId[]) => ReadonlyMap<ServiceId, ServiceLoad>;
  /** One service, without loading the others. */
  readonly findService: (serviceId: string) => Service | undefined;
  /** By the case reference of this service. */
  readonly bases: ReadonlyMap<string, CaseBasis>;
}

/** A part of a decision: the events that follow from the present state of the referral. */
export type Step = (referral: Referral, knowledge: Knowledge) => readonly ReferralEvent[];

/** Runs steps in order: each sees the referral as the steps before it left it. */
export function runSteps(
  referral: Referral,
  knowledge: Knowledge,
  ...steps: readonly Step[]
): ReferralEvent[] {
  const events: ReferralEvent[] = [];
  let current = referral;
  for (const step of steps) {
    const next = step(current, knowledge);
    events.push(...next);
    current = next.reduce(evolve, current);
  }
  return events;
}

/** A step that only adds the given events. */
export const emit =
  (...events: readonly ReferralEvent[]): Step =>
  () =>
    events;
