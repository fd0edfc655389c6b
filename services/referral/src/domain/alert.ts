import type { Instant } from '@opennrm/runtime/decision';
import type { OfferId } from './need.ts';

/** What an alert is about. The country pack names its owner and its time limit. */
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
  | 'appointment-missed'
  | 'appointments-missed'
  | 'appointment-not-agreed'
  | 'worker-not-assigned'
  | 'place-lost'
  | 'telephone-answer-unconfirmed'
  | 'telephone-answer-denied'
  | 'reference-not-registered'
  | 'basis-lost'
  | 'basis-missing'
  | 'member-left'
  | 'service-not-answering'
  | 'hold-needs-review'
  | 'started-after-end'
  | 'service-suspended'
  | 'place-unsafe'
  | 'age-changed'
  | 'person-referred-twice'
  | 'absence-overdue'
  | 'person-missing';

/**
 * An alert that its owner must act on by a time. An acknowledged alert was seen; it stays open and is escalated by one level at each
 * deadline until it is resolved.
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

/** Dangers of the place itself: an arrival there does not end them. */
const placeAlerts: readonly AlertCode[] = [
  'hold-needs-review',
  'service-suspended',
  'place-unsafe',
];

/**
 * Alerts that matter wherever the person is. Their age may make any place unsuitable. While the vault does not know their reference,
 * nobody can read what it holds about them.
 */
const personAlerts: readonly AlertCode[] = ['age-changed', 'reference-not-registered'];

/** The alerts that stay open when the referral is over: none, except where the person is at a place. */
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
