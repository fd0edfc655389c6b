import { type CheckedPromise, VIOLATIONS_SHOWN } from '../promises/check.ts';
import { escaped } from './html.ts';

/** A table of the promises: kept or broken, and what was checked. */
export function promisesPart(promises: readonly CheckedPromise[], faults: number): string {
  const broken = promises.filter(({ violations }) => violations.length > 0).length;
  const summary =
    broken + faults === 0
      ? `All ${promises.length} checks found no violation.`
      : `${broken} of ${promises.length} checks found violations; the simulation had ${faults} error(s).`;
  return `<h2>The promises</h2>
<p>At the end the promises were checked in all databases, topics, logs and metrics. ${escaped(summary)}</p>
<div class="wide"><table><thead><tr><th scope="col">promise</th><th scope="col">result</th><th scope="col">what was checked</th></tr></thead><tbody>
${promises.map(rowOf).join('\n')}
</tbody></table></div>`;
}

function rowOf({ promise, statement, violations }: CheckedPromise): string {
  const result = violations.length === 0 ? 'kept' : '<span class="broken">BROKEN</span>';
  const shown = violations.slice(0, VIOLATIONS_SHOWN).map((one) => `<li>${escaped(one)}</li>`);
  const list = shown.length > 0 ? `<ul>${shown.join('')}</ul>` : '';
  return `<tr><th scope="row">${escaped(promise)}</th><td>${result}</td><td>${escaped(statement)}${list}</td></tr>`;
}
