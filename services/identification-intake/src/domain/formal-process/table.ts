/** A table of markdown: for each state what is possible, and what is refused with the name of the refusal. */
export function tableOf(answers: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const rows = Object.entries(answers).map(([state, row]) => {
    const said = Object.entries(row).filter(([, answer]) => answer !== '–');
    const possible = said.filter(([, answer]) => answer === 'yes').map(([command]) => command);
    const refusals = Map.groupBy(
      said.filter(([, answer]) => answer !== 'yes'),
      ([, refusal]) => refusal,
    );
    const refused = [...refusals].map(([name, of]) => `\`${name}\`: ${of.map(([command]) => command).join(', ')}`);
    return [state, possible.join(', '), refused.join('; ')];
  });
  const all = [['state', 'possible', 'refused'], ...rows];
  const widths = [0, 1, 2].map((nth) => Math.max(...all.map((row) => row[nth]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, nth) => cell.padEnd(widths[nth] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
