import type { answers } from '../src/domain/formal-process/table.fixture.ts';

/** A Markdown table: for each state the possible commands, and the refused ones with the name of the refusal. */
export function tableOf(all: ReturnType<typeof answers>): string {
  const rows = Object.entries(all).map(([state, cells]) => {
    const possible = Object.entries(cells).flatMap(([command, cell]) =>
      'happens' in cell ? [command] : [],
    );
    const no = Object.entries(cells).flatMap(([command, cell]) =>
      'refused' in cell ? [[cell.refused, command]] : [],
    );
    const byName = [...Map.groupBy(no, ([refusal]) => refusal)];
    const refused = byName.map(
      ([refusal, of]) => `\`${refusal}\`: ${of.map(([, command]) => command).join(', ')}`,
    );
    return [state, possible.join(', '), refused.join('; ')];
  });
  const table = [['state', 'possible', 'refused'], ...rows];
  const widths = [0, 1, 2].map((nth) => Math.max(...table.map((row) => row[nth]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, nth) => cell.padEnd(widths[nth] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = table;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
