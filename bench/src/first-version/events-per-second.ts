interface OldReport {
  readonly findings: readonly { readonly what: string; readonly value: number }[];
}

/** The rate of the rebuild in a report of 0.1.0, which names its list `findings`. */
export function eventsPerSecond({ findings }: OldReport): number {
  const rate = findings.find(({ what }) => what.endsWith('events applied'))?.value;
  if (rate === undefined) throw new Error('the report of 0.1.0 has no rate of its rebuild');
  return rate;
}
