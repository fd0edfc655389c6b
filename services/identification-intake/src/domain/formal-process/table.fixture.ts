import type { Instant } from '@opennrm/runtime/decision';
import { checkRemovalBar, readProcedure } from './asking.ts';
import { commands } from './commands.fixture.ts';
import { beginning, first, third } from './procedure.fixture.ts';
import { beginProcess } from './referring.ts';
import type { ProcessDecision, Rules } from './rules.ts';
import { statesOf } from './states.fixture.ts';

/** The events of an accepted command, or the name of the refusal. */
type Cell = { readonly happens: readonly string[] } | { readonly refused: string };

const cellOf = (decision: ProcessDecision): Cell => {
  if (decision.kind === 'accepted') return { happens: decision.events.map(({ type }) => type) };
  return { refused: decision.kind === 'refused' ? decision.refusal : decision.reason };
};

const PURPOSE = 'identification-decision';

/** Every state of a country, and the answer to each command in it. */
export function answers(rules: Rules): Readonly<Record<string, Readonly<Record<string, Cell>>>> {
  const cells = Object.entries(statesOf(rules)).map(([state, { procedure, at }]) => {
    const begin = { begin: cellOf(beginProcess(procedure, { ...beginning(), at }, rules)) };
    if (!procedure) return [state, begin];
    const given = Object.entries(commands).map(([name, give]) => [
      name,
      cellOf(give(procedure, rules, at)),
    ]);
    return [state, { ...begin, ...Object.fromEntries(given), ...asked(procedure, at) }];
  });
  return Object.fromEntries(cells);
}

/** The answers as sentences: `is possible: ProcessBegun, DeadlineSet`, `is refused: already-open`. */
export const sentences = (
  rules: Rules,
): Readonly<Record<string, Readonly<Record<string, string>>>> =>
  mapped(answers(rules), (cells) => mapped(cells, sentence));

const sentence = (cell: Cell): string =>
  'happens' in cell ? `is possible: ${cell.happens.join(', ')}` : `is refused: ${cell.refused}`;

const mapped = <From, To>(
  all: Readonly<Record<string, From>>,
  to: (one: From) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, to(one)]));

/** Reads, which change nothing and are recorded. */
const asked = (procedure: Parameters<typeof readProcedure>[0], at: Instant) => ({
  'read, by the authority': cellOf(readProcedure(procedure, { ...third, purpose: PURPOSE, at })),
  'check removal bar': cellOf(checkRemovalBar(procedure, first, at)),
});
