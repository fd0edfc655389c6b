import { timeText } from '../page/time-axis.ts';
import type { OneCase } from './one-case.ts';

const print = (text = ''): void => void process.stdout.write(`${text}\n`);

/** Prints one referral with its reasons. */
export function printCase({
  referralId,
  urgency,
  group,
  partySize,
  events,
  reasons,
}: OneCase): void {
  print();
  print(`ONE REFERRAL: ${urgency}, ${group}, ${partySize} person(s); referral ${referralId}`);
  for (const { at, event, service, code, role } of events)
    print(
      `  ${timeText(at)}  ${event.padEnd(26)} ${service.padEnd(10)} ${code.padEnd(22)} ${role && `by ${role}`}`.trimEnd(),
    );
  print(
    `  why these services first: rules ${reasons.ruleVersion}, services checked: ${reasons.servicesChecked}`,
  );
  for (const { service, terms } of reasons.asked) print(`    ${service} asked: ${terms}`);
  const others = reasons.excludedBy.map(({ rule, band }) => `${rule} (${band})`).join(', ');
  print(`    why not others: ${others || 'all could be asked'}`);
}
