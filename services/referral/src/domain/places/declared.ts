import type { Instant } from '@opennrm/runtime/decision';

/** One time of an appointment book, for this many people (1 to 50). */
export interface Slot {
  readonly start: Instant;
  readonly places: number;
}

/** What a service has declared about itself. Every number counts people. */
export type Declared =
  /** Any time can be agreed. */
  | { readonly kind: 'count'; readonly places: number }
  /** Only these times can be agreed. They are sorted, and each start is there once. */
  | { readonly kind: 'appointments'; readonly slots: readonly Slot[] }
  /** The people of all workers together, and those of one worker where that is limited too. */
  | {
      readonly kind: 'caseload';
      readonly limit: number;
      readonly limitOfWorker: number | undefined;
    };

const unitKinds: Readonly<Record<Declared['kind'], string>> = {
  count: 'place',
  appointments: 'appointment',
  caseload: 'caseload-slot',
};

/** The unit kind of the country pack that a service with this declaration gives. */
export const unitKindOf = ({ kind }: Declared): string => unitKinds[kind];
