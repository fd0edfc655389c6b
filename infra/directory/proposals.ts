import type { Difference } from './differences.ts';

/** The dates by which a person can judge whether the file or the platform is newer. */
export interface Ages {
  /** When the record in the file was last changed or checked; undefined where the file has no date. */
  readonly fileDate: Date | undefined;
  /** When the current value was declared or decided; undefined where that is not known. */
  readonly currentSince: Date | undefined;
}

/** A difference between file and platform that was not imported and that a person must decide. Ids, fields and codes only. */
export type Proposal = Ages &
  (
    | {
        readonly kind: 'entry-differs';
        readonly serviceId: string;
        readonly differences: readonly Difference[];
      }
    | {
        readonly kind: 'accreditation-stays';
        readonly serviceId: string;
        readonly accreditation: string;
      }
    | { readonly kind: 'not-active-in-file'; readonly serviceId: string; readonly status: string }
    | { readonly kind: 'service-of-another'; readonly serviceId: string }
    | {
        readonly kind: 'site-differs';
        readonly siteId: string;
        readonly differences: readonly Difference[];
      }
    | {
        readonly kind: 'count-differs';
        readonly siteId: string;
        readonly differences: readonly Difference[];
      }
    | { readonly kind: 'site-of-another'; readonly siteId: string }
  );

const DAY_MS = 86_400_000;

/** The proposals as sentences for a coordinator, by the date in the file: the newest first, unknown dates last. */
export const proposalSentences = (proposals: readonly Proposal[], now: Date): string[] =>
  proposals
    .toSorted(
      (one, other) => orderOf(other, now) - orderOf(one, now) || (idOf(one) < idOf(other) ? -1 : 1),
    )
    .map((proposal) => `${sentenceOf(proposal)} ${agesOf(proposal, now)}`);

/** A date in the future counts as unknown. */
const isKnown = (date: Date | undefined, now: Date): date is Date =>
  date !== undefined && date <= now;

const orderOf = ({ fileDate }: Proposal, now: Date): number =>
  isKnown(fileDate, now) ? fileDate.getTime() : 0;

const idOf = (proposal: Proposal): string =>
  'siteId' in proposal ? proposal.siteId : proposal.serviceId;

function sentenceOf(proposal: Proposal): string {
  switch (proposal.kind) {
    case 'entry-differs':
      return `Service ${proposal.serviceId}: its entry stays as it is. The file proposes ${proposed(proposal.differences)}.`;
    case 'accreditation-stays':
      return `Service ${proposal.serviceId}: ${accreditationStays(proposal.accreditation)} The file lists it as active.`;
    case 'not-active-in-file':
      return `Service ${proposal.serviceId}: may still be asked. In the file its status is ${proposal.status}.`;
    case 'service-of-another':
      return `Service ${proposal.serviceId}: belongs to another organisation here than in the file. It was not imported.`;
    case 'site-differs':
      return `Site ${proposal.siteId}: stays as it is. The file proposes ${proposed(proposal.differences)}.`;
    case 'count-differs':
      return `Site ${proposal.siteId}: the count or rooms that its staff declared stay. The file proposes ${proposed(proposal.differences)}.`;
    case 'site-of-another':
      return `Site ${proposal.siteId}: was not imported. Its id, or that of a room or unit, belongs to another organisation here.`;
  }
}

const accreditationStays = (accreditation: string): string =>
  accreditation === 'suspended'
    ? 'stays suspended. An import does not lift a suspension; the accreditation desk can.'
    : 'stays without accreditation, which has ended. An import does not renew it; the accreditation desk can.';

const proposed = (differences: readonly Difference[]): string =>
  differences.map(({ field, file, current }) => `${field}: ${file} (here: ${current})`).join('; ');

function agesOf({ fileDate, currentSince }: Ages, now: Date): string {
  const current = currentSince
    ? `The value here is of ${dayOf(currentSince)}.`
    : 'It is not known when the value here was declared.';
  if (!isKnown(fileDate, now)) return `The record in the file is of unknown age. ${current}`;
  const file = `The record in the file is of ${dayOf(fileDate)}, ${daysAgo(fileDate, now)}.`;
  return currentSince
    ? `${file} ${current} ${newerOf(dayOf(fileDate), dayOf(currentSince))}`
    : `${file} ${current}`;
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

function daysAgo(date: Date, now: Date): string {
  const days = (Date.parse(dayOf(now)) - Date.parse(dayOf(date))) / DAY_MS;
  if (days === 0) return 'today';
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

/** Compares days, because HSDS has only the day of a check. */
function newerOf(fileDay: string, keptDay: string): string {
  if (fileDay === keptDay) return 'Both are of the same day.';
  return fileDay > keptDay ? 'The file is newer.' : 'The file is older.';
}
