const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe between tags and inside a quoted attribute, in HTML and in SVG. */
export const escaped = (text: string | number): string =>
  String(text).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

/** A table with a heading row. The first column is the heading of each row. */
export function htmlTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const heading = head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('');
  const body = rows.map(([first = '', ...others]) => {
    const cells = others.map((cell) => `<td>${escaped(cell)}</td>`).join('');
    return `<tr><th scope="row">${escaped(first)}</th>${cells}</tr>`;
  });
  return `<div class="wide"><table><thead><tr>${heading}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** A part of the page that is closed until a reader opens it. */
export const details = (summary: string, content: string): string =>
  `<details><summary>${escaped(summary)}</summary>${content}</details>`;
