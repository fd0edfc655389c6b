import { DateTime } from 'luxon';
import { escaped } from './html.ts';

/** The time zone of the sample country. */
const ZONE = 'Europe/Vienna';

export const timeText = (at: number): string =>
  DateTime.fromMillis(at, { zone: ZONE }).toFormat('ccc HH:mm');

/** The horizontal part of a drawing that shows time. */
export interface TimeScale {
  readonly begin: number;
  readonly end: number;
  readonly left: number;
  readonly right: number;
}

export function xOf({ begin, end, left, right }: TimeScale, at: number): number {
  const share = end > begin ? (at - begin) / (end - begin) : 0;
  return round(left + share * (right - left));
}

export const round = (value: number): number => Math.round(value * 10) / 10;

/** A line at the begin of each day, with the name of the day. */
export function dayLines(scale: TimeScale, top: number, bottom: number): string {
  const lines: string[] = [];
  let day = DateTime.fromMillis(scale.begin, { zone: ZONE }).startOf('day');
  for (; day.toMillis() <= scale.end; day = day.plus({ days: 1 })) {
    if (day.toMillis() < scale.begin) continue;
    const x = xOf(scale, day.toMillis());
    lines.push(`<line class="grid" x1="${x}" y1="${top}" x2="${x}" y2="${bottom}"/>`);
    if (day.toMillis() < scale.end)
      lines.push(
        `<text class="axis" x="${round(x + 3)}" y="${bottom + 14}">${escaped(day.toFormat('ccc'))}</text>`,
      );
  }
  return lines.join('');
}
