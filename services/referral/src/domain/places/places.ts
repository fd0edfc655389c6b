import { accept, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import type { OrganisationId, ServiceId } from '../need.ts';
import type { Declared } from './declared.ts';
import type { PlacesEvent } from './events.ts';
import type { PlacesHold } from './hold.ts';
import { evolveHold } from './hold-evolve.ts';

/** What one service of the directory has declared about itself, and which referrals hold units of it; one row locks it. */
export interface Places {
  readonly serviceId: ServiceId;
  readonly organisationId: OrganisationId;
  readonly declared: Declared;
  /** Live holds, confirmed places and services that have begun. Ended ones are not kept here. */
  readonly holds: readonly PlacesHold[];
  /** Times of the appointment book up to this one have begun, and the number of free places was reported since. */
  readonly timesUntil: Instant;
}

/** The state after an event. Total: an event that was accepted once is never refused here. */
export function evolvePlaces(before: Places | undefined, event: PlacesEvent): Places {
  if (event.type === 'PlacesDeclared') {
    const { serviceId, organisationId, declared, at } = event;
    return { serviceId, organisationId, declared, holds: before?.holds ?? [], timesUntil: at };
  }
  if (!before) throw new Error(`${event.type} before PlacesDeclared`);
  if (event.type === 'TimePassed') return { ...before, timesUntil: event.at };
  return { ...before, holds: evolveHold(before.holds, event) };
}

/** When the next time of the appointment book begins, and fewer places are free by that. */
export const nextTime = ({ declared, timesUntil }: Places): Instant | undefined =>
  declared.kind === 'appointments'
    ? declared.slots.find(({ start }) => start > timesUntil)?.start
    : undefined;

/** Times of the appointment book begin. */
export const passTime = (places: Places, now: Instant): Decision<PlacesEvent> => {
  const next = nextTime(places);
  return next !== undefined && next <= now
    ? accept<PlacesEvent>({ type: 'TimePassed', at: now })
    : ignore('nothing-due');
};
