import { charts } from './charts.ts';
import { isMet, type Measurement } from './findings.ts';
import type { Report } from './report.ts';
import { aimResult, aimText, asText, valueText } from './table.ts';

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem;color:#1b1f24}
table{border-collapse:collapse;width:100%}td,th{padding:.25rem .6rem;border-bottom:1px solid #d8dee4;text-align:left}td.n{text-align:right}
.met{color:#1a7f37}.missed{color:#b35900;font-weight:600}svg{max-width:100%;height:auto}pre{overflow-x:auto;font-size:12px;background:#f6f8fa;padding:1rem}`;

/** One page that contains everything: opening it requests no address. */
export async function asHtml(report: Report): Promise<string> {
  const figures = (await charts(report))
    .map(
      ({ title, svg }) =>
        `<figure><figcaption><h2>${escaped(title)}</h2></figcaption>${svg}</figure>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>OpenNRM bench</title><style>${STYLE}</style></head>
<body><h1>OpenNRM bench</h1>
<p>${escaped(report.at)}${report.quick ? ', quick run' : ''}, ${report.machine.cores} cores (${escaped(report.machine.processor)}), ${report.machine.memoryGiB} GiB. What is measured and how stands in <code>bench/README.md</code>.</p>
<h2>Findings and aims</h2>
<table><thead><tr><th>finding</th><th>value</th><th>aim</th><th></th></tr></thead><tbody>
${report.measurements.map(row).join('\n')}
</tbody></table>
${figures}
<h2>All of it</h2><pre>${escaped(asText(report))}</pre>
</body></html>
`;
}

function row(finding: Measurement): string {
  const kind = isMet(finding) === undefined ? '' : isMet(finding) ? 'met' : 'missed';
  return `<tr><td>${escaped(`${finding.part}: ${finding.what}`)}</td><td class="n">${valueText(finding)} ${escaped(finding.unit)}</td><td>${escaped(aimText(finding))}</td><td class="${kind}">${escaped(aimResult(finding))}</td></tr>`;
}
