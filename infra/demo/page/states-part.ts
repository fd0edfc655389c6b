import { details, escaped, htmlTable } from './html.ts';
import type { Sample } from './samples.ts';
import { type Period, type Series, seriesOf } from './series.ts';
import { legend, stackedAreas } from './stacked-areas.ts';
import { stateGroups, urgencies } from './state-groups.ts';
import { timeText } from './time-axis.ts';

/** One chart for each urgency, each with a table of its numbers. */
export function statesPart(samples: readonly Sample[], period: Period): string {
  const charts = urgencies.map((urgency, nth) => {
    const series = seriesOf(samples, nth, period);
    const title = `Referrals by state over time, urgency: ${urgency}`;
    return `<h3>Urgency: ${escaped(urgency)}</h3>
${stackedAreas(`states-${urgency}`, title, series)}
${details(`The numbers of this chart (${urgency})`, tableOf(series))}`;
  });
  return `<h2>Where people were over time</h2>
<p>Each chart shows how many referrals were in each state at each simulated time. A referral is for one person, or for people who must be placed together. The charts have different scales.</p>
${legend()}
${charts.join('\n')}`;
}

const tableOf = ({ instants, counts }: Series): string =>
  htmlTable(
    ['time', ...stateGroups.map(({ label }) => label)],
    instants.map((at, nth) => [timeText(at), ...(counts[nth] ?? [])]),
  );
