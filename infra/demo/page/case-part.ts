import type { OneCase } from '../report/one-case.ts';
import { caseTimeline, eventCells, eventLegend } from './case-timeline.ts';
import { details, escaped, htmlTable } from './html.ts';

const EVENT_HEAD = ['time', 'event', 'service', 'code', 'by'];

/** One referral as a line of time, with its reasons. */
export function casePart(oneCase: OneCase | undefined): string {
  const heading = '<h2>One referral with its reasons</h2>';
  if (!oneCase) return `${heading}<p>Nobody has arrived, so no referral is shown.</p>`;
  const { referralId, urgency, group, partySize, events, reasons } = oneCase;
  const { ruleVersion, servicesChecked, asked, excludedBy } = reasons;
  const title = `Events of one referral over time: ${urgency}, ${group}`;
  return `${heading}
<p>This referral (urgency ${escaped(urgency)}, group ${escaped(group)}, ${partySize} person(s), reference ${escaped(referralId)}) ended with an arrival. Each row is a service that was asked, and each mark is an event.</p>
${eventLegend()}
${caseTimeline(title, events)}
${details('The events of this chart', htmlTable(EVENT_HEAD, events.map(eventCells)))}
<h3>Why this service first, and why not others</h3>
<p>The first search checked services (how many: ${escaped(servicesChecked)}) by the rules ${escaped(ruleVersion)}. Of the services that no rule excluded, it asked those with the lowest values; the terms are compared from left to right.</p>
${htmlTable(
  ['service', 'terms'],
  asked.map(({ service, terms }) => [service, terms]),
)}
<p>How many services each rule excluded. A service that fails two rules is counted for each:</p>
${htmlTable(
  ['rule', 'services'],
  excludedBy.map(({ rule, band }) => [rule, band]),
)}`;
}
