/** The quantile of a list, e.g. 0.5 for the median; undefined for an empty list. */
export function quantile(list: readonly number[], share: number): number | undefined {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const inHours = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '–' : `${(milliseconds / 3_600_000).toFixed(1)} h`;

export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`;

/** A table as text, each column padded to its widest cell. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length)),
  );
  return rows
    .map(
      (row) =>
        `  ${row.map((cell, column) => (column === 0 ? String(cell).padEnd(widths[column] ?? 0) : String(cell).padStart(widths[column] ?? 0))).join('   ')}`,
    )
    .join('\n');
}
