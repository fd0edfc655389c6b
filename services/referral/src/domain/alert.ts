import type { Instant } from '@opennrm/runtime/decision';
import type { OfferId } from './need.ts';

/** What a person is told to act on; the pack says who and by when. */
export type AlertCode =
  | 'nobody-answered'
  | 'emergency-unconfirmed'
  | 'unplaced'
  | 'duty-not-acknowledged'
  | 'confirmation-keeps-failing'
  | 'person-not-asked'
  | 'journey-not-arranged'
  | 'not-collected'
  | 'did-not-arrive'
  | 'place-lost'
  | 'telephone-answer-unconfirmed'
  | 'telephone-answer-denied'
  | 'reference-not-registered'
  | 'basis-lost'
  | 'basis-missing'
  | 'member-left'
  | 'service-not-answering'
  | 'keep-apart-overlap'
  | 'arrived-after-end'
  | 'service-suspended'
  | 'place-unsafe'
  | 'age-changed'
  | 'person-referred-twice';

/**
 * Something that its owner must act on by a time. Acknowledged means seen; it stays open and is told again, one level
 * higher, until it is resolved.
 */
export interface OpenAlert {
  readonly alertId: string;
  readonly code: AlertCode;
  readonly offerId: OfferId | undefined;
  readonly ownerRole: string;
  readonly level: number;
  readonly actBy: Instant;
  readonly acknowledged: boolean;
}

/** Dangers of the place itself: the arrival there does not end them. */
const placeAlerts: readonly AlertCode[] = [
  'keep-apart-overlap',
  'service-suspended',
  'place-unsafe',
];

/**
 * What has to be done for a person wherever they are: their age may make any place the wrong one, and while the vault does not know their reference nobody
 * can read what it keeps of them.
 */
const personAlerts: readonly AlertCode[] = ['age-changed', 'reference-not-registered'];

/** What is left to act on when the referral is over: nothing, but for those who are at a place. */
export const alertsAfterEnd = (
  alerts: readonly OpenAlert[],
  place: OfferId | undefined,
): OpenAlert[] =>
  place === undefined
    ? []
    : alerts.filter(
        ({ code, offerId }) =>
          personAlerts.includes(code) || (offerId === place && placeAlerts.includes(code)),
      );
