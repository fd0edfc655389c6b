import type { CheckedPromise } from '../promises/check.ts';
import type { OneCase } from '../report/one-case.ts';
import { casePart } from './case-part.ts';
import { escaped } from './html.ts';
import { promisesPart } from './promises-part.ts';
import type { Sample } from './samples.ts';
import type { Period } from './series.ts';
import { statesPart } from './states-part.ts';
import { STYLE } from './style.ts';

/** Everything that the page shows: counts, codes and references. */
export interface PageData {
  /** What was simulated, in one sentence. */
  readonly summary: string;
  readonly period: Period;
  readonly samples: readonly Sample[];
  /** Undefined where nobody arrived. */
  readonly oneCase: OneCase | undefined;
  readonly promises: readonly CheckedPromise[];
  /** The number of errors of the simulation that should not happen. */
  readonly faults: number;
}

/** The whole page as one text: no script, and nothing of another file or network. */
export const page = ({ summary, period, samples, oneCase, promises, faults }: PageData): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>OpenNRM demo</title><style>${STYLE}</style></head><body>
<h1>OpenNRM demo</h1>
<p>${escaped(summary)} All people are invented. The page shows counts, codes and references only.</p>
${statesPart(samples, period)}
${casePart(oneCase)}
${promisesPart(promises, faults)}
</body></html>
`;
