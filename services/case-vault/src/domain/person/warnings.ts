import { beginningOf, localDateOf } from '@opennrm/country';
import { after, type Instant } from '@opennrm/runtime/decision';

const DAY_MS = 86_400_000;

/**
 * When somebody is told that she will be eighteen: at noon of a Monday, so long before as the country says or up to a week longer. A warning stands in
 * the journal with its time; counted back from the day itself it would tell her birth date.
 */
export const warningsOf = (eighteenAt: Instant, before: readonly number[], timeZone: string): Instant[] =>
  before.map((ms) => mondayNoonBefore(after(eighteenAt, -ms), timeZone));

function mondayNoonBefore(at: Instant, timeZone: string): Instant {
  const date = localDateOf(at, timeZone);
  // The first of January 1970 was a Thursday.
  const sinceMonday = (Math.floor(Date.parse(`${date}T12:00Z`) / DAY_MS) + 3) % 7;
  const noonOf = (day: typeof date): Instant => after(beginningOf(day, timeZone), DAY_MS / 2);
  const noon = noonOf(localDateOf(after(noonOf(date), -sinceMonday * DAY_MS), timeZone));
  return noon <= at ? noon : noonOf(localDateOf(after(noon, -7 * DAY_MS), timeZone));
}
