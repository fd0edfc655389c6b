/**
 * How many random cases each property tries, as a set-up file of vitest. By default few, and always the same ones: a change is answered soon,
 * and the same code never fails by chance. `FC_RUNS=5000 npm test` tries others, and more; where a case fails, its seed is printed.
 */
import fc from 'fast-check';

const runs = process.env.FC_RUNS;
fc.configureGlobal(
  runs === undefined ? { numRuns: 100, seed: 20_261_128 } : { numRuns: Number(runs) },
);
