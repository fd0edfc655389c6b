import { DateTime } from 'luxon';

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

/** Hours between two lines; the first one that needs few lines is used. */
const STEPS = [1, 3, 6, 12, 24];
const MOST_LINES = 8;
const HOUR = 3_600_000;
const LABEL_WIDTH = 60;

/** Lines at round times, each with its day, and with its hour where the lines are closer than a day. */
export function timeLines(scale: TimeScale, top: number, bottom: number): string {
  const { begin, end, right } = scale;
  const step = STEPS.find((hours) => (end - begin) / (hours * HOUR) <= MOST_LINES) ?? 24;
  const lines: string[] = [];
  let time = DateTime.fromMillis(begin, { zone: ZONE }).startOf('day');
  for (; time.toMillis() <= end; time = time.plus({ hours: step })) {
    if (time.toMillis() < begin) continue;
    const x = xOf(scale, time.toMillis());
    lines.push(`<line class="grid" x1="${x}" y1="${top}" x2="${x}" y2="${bottom}"/>`);
    const text = time.toFormat(step === 24 ? 'ccc' : 'ccc HH:mm');
    if (x + LABEL_WIDTH < right)
      lines.push(`<text class="axis" x="${round(x + 3)}" y="${bottom + 14}">${text}</text>`);
  }
  return lines.join('');
}
