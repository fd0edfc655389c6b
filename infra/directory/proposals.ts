import type { Difference } from './differences.ts';

/** By what a person can judge which is newer: the file or what stands on the platform. */
export interface Ages {
  /** When the file last changed or checked its record; undefined where it does not say. */
  readonly fileDate: Date | undefined;
  /** When what stands was declared or decided; undefined where that is not known. */
  readonly currentSince: Date | undefined;
}

/** What an import left as it is, and what the file says instead: for a person to decide. Ids, fields and codes only. */
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

/** The sentences for a coordinator: what is newest in the file first, what is of unknown age last. */
export const proposalSentences = (proposals: readonly Proposal[], now: Date): string[] =>
  proposals
    .toSorted(
      (one, other) => orderOf(other, now) - orderOf(one, now) || (idOf(one) < idOf(other) ? -1 : 1),
    )
    .map((proposal) => `${sentenceOf(proposal)} ${agesOf(proposal, now)}`);

/** A date that has not come says nothing of an age. */
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
      return `Service ${proposal.serviceId}: may still be asked. The file says that it is ${proposal.status}.`;
    case 'service-of-another':
      return `Service ${proposal.serviceId}: belongs to another organisation here than in the file. Nothing of it was imported.`;
    case 'site-differs':
      return `Site ${proposal.siteId}: stays as it is. The file proposes ${proposed(proposal.differences)}.`;
    case 'count-differs':
      return `Site ${proposal.siteId}: what its staff declared stays. The file proposes ${proposed(proposal.differences)}.`;
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
    ? `What stands here is of ${dayOf(currentSince)}.`
    : 'It is not known when what stands here was declared.';
  if (!isKnown(fileDate, now)) return `What the file says is of unknown age. ${current}`;
  const file = `What the file says is of ${dayOf(fileDate)}, ${daysAgo(fileDate, now)}.`;
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

/** By days: HSDS says of a check only its day. */
function newerOf(fileDay: string, keptDay: string): string {
  if (fileDay === keptDay) return 'Both are of the same day.';
  return fileDay > keptDay ? 'The file is newer.' : 'The file is older.';
}
