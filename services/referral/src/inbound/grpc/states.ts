import { ReferralState } from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import { optionalOneOf } from '@opennrm/runtime';
import type { StateName } from '../../domain/referral.ts';

/** Every state by its name; a missing one does not compile. */
const onWire: Readonly<Record<StateName, ReferralState>> = {
  'waiting-for-basis': ReferralState.WAITING_FOR_BASIS,
  'waiting-for-desk': ReferralState.WAITING_FOR_DESK,
  searching: ReferralState.SEARCHING,
  offered: ReferralState.OFFERED,
  confirming: ReferralState.CONFIRMING,
  'awaiting-person': ReferralState.AWAITING_PERSON,
  agreed: ReferralState.AGREED,
  journey: ReferralState.JOURNEY,
  'journey-failed': ReferralState.JOURNEY_FAILED,
  appointment: ReferralState.APPOINTMENT,
  unplaced: ReferralState.UNPLACED,
  started: ReferralState.STARTED,
  withdrawn: ReferralState.WITHDRAWN,
  refused: ReferralState.REFUSED,
  ended: ReferralState.ENDED,
};

const byNumber = Object.fromEntries(
  Object.entries(onWire).map(([name, number]) => [number, name as StateName]),
);

/** A state to list by, or none for all. */
export const optionalState = optionalOneOf(byNumber);
