import type { CaseEvent } from '../report/one-case.ts';
import { eventKinds, kindOf } from './event-kinds.ts';
import { escaped } from './html.ts';
import { type TimeScale, timeLines, timeText, xOf } from './time-axis.ts';

const WIDTH = 760;
const LANE = 26;
const TOP = 14;
const WITHOUT_SERVICE = 'the person';

/** What an event shows in words: its time, name, service, code and role. */
export const eventCells = ({ at, event, service, code, role }: CaseEvent): string[] => [
  timeText(at),
  event,
  service,
  code,
  role,
];

/** Draws one referral as a line of time: a lane for each service that was asked, a mark for each event. */
export function caseTimeline(title: string, events: readonly CaseEvent[]): string {
  const lanes = [...new Set(events.map(laneOf))];
  const bottom = TOP + lanes.length * LANE;
  const scale: TimeScale = {
    begin: Math.min(...events.map(({ at }) => at)),
    end: Math.max(...events.map(({ at }) => at)),
    left: 92,
    right: WIDTH - 12,
  };
  const drawn = lanes.map((lane, nth) => {
    const own = events.filter((one) => laneOf(one) === lane);
    return drawLane(lane, own, scale, TOP + nth * LANE + LANE / 2);
  });
  return `<svg viewBox="0 0 ${WIDTH} ${bottom + 22}" role="img" aria-labelledby="case-title case-desc">
<title id="case-title">${escaped(title)}</title><desc id="case-desc">${escaped(describe(events, lanes))}</desc>
${timeLines(scale, TOP, bottom)}${drawn.join('\n')}</svg>`;
}

const laneOf = ({ service }: CaseEvent): string => service || WITHOUT_SERVICE;

function drawLane(lane: string, events: readonly CaseEvent[], scale: TimeScale, y: number): string {
  const xs = events.map(({ at }) => xOf(scale, at));
  const marks = events.map((one) => {
    const { color, path } = kindOf(one.event);
    const text = eventCells(one).filter(Boolean).join(', ');
    return `<path class="mark" transform="translate(${xOf(scale, one.at)} ${y})" d="${path}" fill="${color}"><title>${escaped(text)}</title></path>`;
  });
  return `<text class="axis" x="4" y="${y + 4}">${escaped(lane)}</text><line class="lane" x1="${Math.min(...xs)}" y1="${y}" x2="${Math.max(...xs)}" y2="${y}"/>${marks.join('')}`;
}

function describe(events: readonly CaseEvent[], lanes: readonly string[]): string {
  const [first, last] = [events[0], events.at(-1)];
  const services = lanes.filter((lane) => lane !== WITHOUT_SERVICE).length;
  return `${events.length} events with ${services} services, from ${timeText(first?.at ?? 0)} to ${timeText(last?.at ?? 0)}. The last event is ${last?.event ?? 'none'}.`;
}

export const eventLegend = (): string =>
  `<ul class="legend">${eventKinds
    .map(
      ({ label, color, path }) =>
        `<li><svg viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true"><path class="mark" d="${path}" fill="${color}"/></svg> ${escaped(label)}</li>`,
    )
    .join('')}</ul>`;
