/** States of a referral that the charts show as one, with the label and the name of the colour. */
export interface StateGroup {
  readonly label: string;
  readonly color: string;
  readonly stages: readonly string[];
}

/** From the bottom of a chart to its top. The colours are those of Okabe and Ito, which people with any colour vision can distinguish. */
export const stateGroups: readonly StateGroup[] = [
  { label: 'support started', color: '#009e73', stages: ['started'] },
  {
    label: 'agreed, or on the journey',
    color: '#e69f00',
    stages: ['agreed', 'journey', 'journey-failed', 'appointment'],
  },
  { label: 'the person is asked', color: '#cc79a7', stages: ['awaiting-person'] },
  { label: 'place is being confirmed', color: '#0072b2', stages: ['confirming'] },
  { label: 'offered to services', color: '#56b4e9', stages: ['offered'] },
  { label: 'waiting', color: '#f0e442', stages: ['waiting-for-basis', 'searching'] },
  { label: 'unplaced', color: '#d55e00', stages: ['unplaced'] },
  {
    label: 'over without a place',
    color: '#8c8c8c',
    stages: ['withdrawn', 'refused', 'ended'],
  },
];

/** In the order of the column `urgency` of the database of `referral`. */
export const urgencies = ['emergency', 'urgent', 'planned'] as const;
