export type { Answer, ProviderRules } from './allocation.ts';
export { addApart, sharesApartId } from './apart.ts';
export { loseUnit, resizeHold } from './changing.ts';
export {
  type Expiry,
  expireHolds,
  expiryOf,
  nextExpiry,
  releaseHeld,
  releaseHold,
} from './ending.ts';
export type { HoldEvent, IgnoreReason, ReleaseCode } from './events.ts';
export { evolveHolds } from './evolve.ts';
export {
  type Allocation,
  type Confirmed,
  type Held,
  type Hold,
  type HoldId,
  holdOf,
  type Kept,
  type Terms,
} from './hold.ts';
export { type ConfirmRequest, confirmHold, type HoldRequest, requestHold } from './placing.ts';
