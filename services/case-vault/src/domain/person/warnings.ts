import { localDateOf, startOfDay } from '@opennrm/country';
import { after, type Instant } from '@opennrm/runtime/decision';

const DAY_MS = 86_400_000;

/**
 * Times of the warnings: noon of a Monday, up to a week earlier than the country pack sets. So the time in the journal does not reveal the birth date.
 */
export const warningsOf = (
  eighteenAt: Instant,
  before: readonly number[],
  timeZone: string,
): Instant[] => before.map((ms) => mondayNoonBefore(after(eighteenAt, -ms), timeZone));

function mondayNoonBefore(at: Instant, timeZone: string): Instant {
  const date = localDateOf(at, timeZone);
  // The first of January 1970 was a Thursday.
  const sinceMonday = (Math.floor(Date.parse(`${date}T12:00Z`) / DAY_MS) + 3) % 7;
  const noonOf = (day: typeof date): Instant => after(startOfDay(day, timeZone), DAY_MS / 2);
  const noon = noonOf(localDateOf(after(noonOf(date), -sinceMonday * DAY_MS), timeZone));
  return noon <= at ? noon : noonOf(localDateOf(after(noon, -7 * DAY_MS), timeZone));
}
