import { accept, type Instant, ignore } from '@opennrm/runtime/decision';
import { addApart } from './apart.ts';
import { loseUnit, resizeHold } from './changing.ts';
import { expireHolds, releaseHeld, releaseHold } from './ending.ts';
import { type HoldId, holdOf } from './hold.ts';
import { confirmHold, requestHold } from './placing.ts';
import {
  type Matter,
  type Need,
  otherPlace,
  type RosterDecision,
  type RosterEvent,
  roster,
} from './roster.fixture.ts';

/** Anything that can reach the synthetic provider, in any state. */
export type Input =
  | {
      readonly kind: 'request';
      readonly holdId: HoldId;
      readonly terms: Need;
      readonly until: Instant;
    }
  | { readonly kind: 'confirm'; readonly holdId: HoldId; readonly terms: Need }
  | { readonly kind: 'release' | 'start' | 'end'; readonly holdId: HoldId }
  | { readonly kind: 'resize'; readonly holdId: HoldId; readonly places: number }
  | { readonly kind: 'pair'; readonly holdId: HoldId; readonly apartId: string }
  | { readonly kind: 'suspend'; readonly serviceId: string }
  | { readonly kind: 'expire'; readonly now: Instant }
  | { readonly kind: 'lose'; readonly unitId: string };

/** What the machine decides about an input. */
export function decide(matters: readonly Matter[], input: Input): RosterDecision {
  switch (input.kind) {
    case 'request':
      return requestHold(matters, input, roster);
    case 'confirm':
      return confirmHold(matters, input, roster);
    case 'release':
      return releaseHold(matters, input.holdId, 'asked');
    case 'resize':
      return resizeHold(matters, input.holdId, input.places);
    case 'pair':
      return addApart(matters, input.holdId, input.apartId);
    case 'expire':
      return expireHolds(matters, input.now);
    case 'lose':
      return loseUnit(matters, input.unitId, otherPlace(matters));
    case 'suspend': {
      const released = releaseHeld(matters, ({ serviceId }) => serviceId === input.serviceId);
      return released.length > 0 ? accept(...released) : ignore('nothing-held');
    }
    case 'start':
      return ofProvider(matters, input.holdId, 'confirmed', 'WorkStarted');
    case 'end':
      return ofProvider(matters, input.holdId, 'running', 'WorkEnded');
  }
}

/** An event of the provider's own, where the hold has this status. */
function ofProvider(
  matters: readonly Matter[],
  holdId: HoldId,
  status: Matter['status'],
  type: 'WorkStarted' | 'WorkEnded',
): RosterDecision {
  const isSo = holdOf(matters, holdId)?.status === status;
  return isSo ? accept<RosterEvent>({ type, holdId }) : ignore(`not-${status}`);
}
