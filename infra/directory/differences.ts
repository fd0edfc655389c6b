import type {
  OpenHours,
  RegisterServiceRequest,
  ServiceEntry,
} from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import type {
  DeclareCountRequest,
  GetSiteResponse,
  RegisterSiteRequest,
  Room,
} from '@opennrm/contracts/opennrm/shelter_capacity/v1/site.ts';

/** One field in which the file and the platform differ, as codes and numbers: no address and no name. */
export interface Difference {
  readonly field: string;
  readonly file: string;
  readonly current: string;
}

type Field<Facts> = readonly [name: string, read: (facts: Facts) => string];
type EntryFacts = Omit<RegisterServiceRequest, 'serviceId' | 'organisationId'>;

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const yesOrNo = (value: boolean | undefined): string => (value ? 'yes' : 'no');
const listed = (codes: readonly string[] = []): string =>
  [...new Set(codes)].sort().join(', ') || 'none';

const entryFields: readonly Field<EntryFacts>[] = [
  ['need', ({ need }) => need],
  ['region', ({ region }) => region],
  ['groups', ({ criteria }) => listed(criteria?.groups)],
  ['party size', ({ criteria }) => `${criteria?.smallestParty} to ${criteria?.largestParty}`],
  ['accessibility', ({ criteria }) => listed(criteria?.accessibility)],
  ['languages', ({ criteria }) => listed(criteria?.languages)],
  ['care', ({ criteria }) => listed(criteria?.care)],
  ['risks not accepted', ({ criteria }) => listed(criteria?.risksNotAccepted)],
  ['specialisms', ({ criteria }) => listed(criteria?.specialisms)],
  ['child licence', ({ criteria }) => yesOrNo(criteria?.childLicence)],
  ['funding required', ({ criteria }) => yesOrNo(criteria?.fundingRequired)],
  ['acceptance', ({ acceptance }) => acceptance],
  ['open hours', ({ openHours }) => hoursOf(openHours)],
  ['night cover', ({ nightCover }) => yesOrNo(nightCover)],
  ['open on holidays', ({ openOnHolidays }) => yesOrNo(openOnHolidays)],
  ['answer within minutes', ({ promisedAnswerMinutes }) => String(promisedAnswerMinutes)],
];

const siteFields: readonly Field<SiteFacts>[] = [
  ['service', ({ serviceId }) => serviceId],
  ['kind of unit', ({ unitKind }) => unitKind],
];

type SiteFacts = Pick<RegisterSiteRequest, 'serviceId' | 'unitKind' | 'rooms'>;
const rooms: Field<SiteFacts> = ['rooms', (site) => roomsOf(site.rooms)];

export const differencesOfEntry = (
  file: RegisterServiceRequest,
  current: ServiceEntry,
): Difference[] => differences(entryFields, file, current);

/** The address is not compared: it is sealed, and an import never reads it. */
export const differencesOfSite = (
  file: RegisterSiteRequest,
  current: GetSiteResponse,
): Difference[] =>
  differences(file.rooms.length > 0 ? [...siteFields, rooms] : siteFields, file, current);

/** @param current a site with a declared count or with rooms. */
export function differencesOfCount(
  file: DeclareCountRequest,
  current: GetSiteResponse,
): Difference[] {
  const { units, occupiedByOthers } = file;
  const { count } = current;
  if (!count) return [{ field: 'count', file: countOf(file), current: roomsOf(current.rooms) }];
  if (count.units === units && count.occupiedByOthers === occupiedByOthers) return [];
  return [{ field: 'count', file: countOf(file), current: countOf(count) }];
}

const differences = <Facts>(
  fields: readonly Field<Facts>[],
  file: Facts,
  current: Facts,
): Difference[] =>
  fields
    .map(([field, read]) => ({ field, file: read(file), current: read(current) }))
    .filter((one) => one.file !== one.current);

const countOf = ({
  units,
  occupiedByOthers,
}: {
  units: number;
  occupiedByOthers: number;
}): string => `${units} units, ${occupiedByOthers} of them occupied`;

const hoursOf = (hours: readonly OpenHours[]): string =>
  hours
    .toSorted((one, other) => one.weekday - other.weekday || (one.opens < other.opens ? -1 : 1))
    .map(({ weekday, opens, closes }) => `${WEEKDAYS[weekday - 1]} ${opens}-${closes}`)
    .join(', ') || 'all hours';

/** The rooms without their ids: staff may have registered the same rooms themselves. */
const roomsOf = (all: readonly Room[]): string =>
  all
    .map(
      ({ unitIds, attributes, groups }) =>
        `${unitIds.length} units (attributes: ${listed(attributes)}; groups: ${groups.length > 0 ? listed(groups) : 'as the service'})`,
    )
    .sort()
    .join(', ') || 'none';
