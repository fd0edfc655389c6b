/** A kind of event in the drawing of one referral: its label, colour and shape. Each kind has a shape of its own, so that no reader needs the colour. */
export interface EventKind {
  readonly label: string;
  readonly color: string;
  /** Around the point 0,0. */
  readonly path: string;
  readonly events: readonly string[];
}

const other: EventKind = {
  label: 'other event',
  color: '#8c8c8c',
  path: 'M0-3V3',
  events: [],
};

export const eventKinds: readonly EventKind[] = [
  {
    label: 'asked',
    color: '#56b4e9',
    path: 'M-4,0A4,4 0 1 1 4,0A4,4 0 1 1 -4,0Z',
    events: ['ReferralRequested', 'ServiceAsked', 'OfferMade'],
  },
  {
    label: 'agreed, confirmed or done',
    color: '#009e73',
    path: 'M0-5L5,0L0,5L-5,0Z',
    events: [
      'OfferAccepted',
      'UnitConfirmed',
      'MemberAgreed',
      'PersonAgreed',
      'JourneyArranged',
      'PersonCollected',
      'ServiceStarted',
    ],
  },
  {
    label: 'declined, withdrawn or lost',
    color: '#d55e00',
    path: 'M-4-4H4V4H-4Z',
    events: [
      'OfferDeclined',
      'OfferWithdrawn',
      'OfferClosed',
      'PersonDeclined',
      'ServiceNotPossible',
      'UnitLost',
      'JourneyFailed',
    ],
  },
  {
    label: 'no answer in time: reminder, alert or next service',
    color: '#e69f00',
    path: 'M0-5L5,4H-5Z',
    events: ['OfferReminded', 'OfferSoftened', 'AlertRaised', 'AlertOverdue'],
  },
  other,
];

export const kindOf = (event: string): EventKind =>
  eventKinds.find(({ events }) => events.includes(event)) ?? other;
