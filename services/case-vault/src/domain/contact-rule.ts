/** A channel that the person called safe, in the hours they named. The number itself is sealed. */
export interface ContactRule {
  readonly channel: string;
  /** Local time `HH:MM`. Equal `from` and `until` mean the whole day; `until` before `from` crosses midnight. */
  readonly from: string;
  readonly until: string;
  /** A message may be left where somebody else could find it. */
  readonly mayLeaveMessage: boolean;
}
