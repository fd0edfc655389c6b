import { escaped } from './html.ts';
import { type Series, totalOf } from './series.ts';
import { stateGroups } from './state-groups.ts';
import { round, type TimeScale, timeLines, xOf } from './time-axis.ts';

const WIDTH = 760;
const HEIGHT = 190;
const TOP = 12;
const BOTTOM = 164;

/** Draws how many referrals are in each state over time: areas on top of each other. @param id is unique in the page. */
export function stackedAreas(id: string, title: string, series: Series): string {
  const { instants, counts } = series;
  const most = Math.max(1, ...counts.map(totalOf));
  const scale: TimeScale = {
    begin: instants[0] ?? 0,
    end: instants.at(-1) ?? 0,
    left: 40,
    right: WIDTH - 8,
  };
  const yOf = (count: number): number => round(BOTTOM - (count / most) * (BOTTOM - TOP));
  const areas = stateGroups.map(({ label, color }, nth) => {
    const below = counts.map((row) => totalOf(row.slice(0, nth)));
    const lower = instants.map((at, index) => `${xOf(scale, at)},${yOf(below[index] ?? 0)}`);
    const upper = instants.map(
      (at, index) => `${xOf(scale, at)},${yOf((below[index] ?? 0) + (counts[index]?.[nth] ?? 0))}`,
    );
    const points = upper.concat(lower.reverse()).join(' ');
    return `<polygon class="area" fill="${color}" points="${points}"><title>${escaped(label)}</title></polygon>`;
  });
  const half = Math.round(most / 2);
  const levels = [...new Set([0, half, most])].map(
    (count) =>
      `<line class="grid" x1="${scale.left}" y1="${yOf(count)}" x2="${scale.right}" y2="${yOf(count)}"/><text class="axis" text-anchor="end" x="${scale.left - 5}" y="${yOf(count) + 4}">${count}</text>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${escaped(title)}</title><desc id="${id}-desc">${escaped(describe(series))}</desc>
${levels.join('')}${areas.join('\n')}${timeLines(scale, TOP, BOTTOM)}</svg>`;
}

/** The last counts in words, for a reader who does not see the drawing. */
export function describe({ counts }: Series): string {
  const last = counts.at(-1) ?? [];
  const parts = stateGroups.flatMap(({ label }, nth) =>
    (last[nth] ?? 0) > 0 ? [`${label} ${last[nth]}`] : [],
  );
  return `At the end: ${parts.join(', ') || 'no referrals'}.`;
}

/** The colour of each state, once for all charts. */
export const legend = (): string =>
  `<ul class="legend">${stateGroups
    .toReversed()
    .map(
      ({ label, color }) =>
        `<li><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect width="12" height="12" fill="${color}"/></svg> ${escaped(label)}</li>`,
    )
    .join('')}</ul>`;
