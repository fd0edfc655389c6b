import { parseArgs } from 'node:util';
import { inRepository } from '@opennrm/infra/local';

export interface ChaosOptions {
  /** Of real time, while things are killed. */
  readonly minutes: number;
  readonly seed: number;
  /**
   * Thirty unless said: with many more, a consumer group hardly ever sits still for the twelve seconds that a killed member's partitions take,
   * and people wait for the end.
   */
  readonly faultsPerMinute: number;
  /** Two of the three brokers may be away at once. */
  readonly twoBrokers: boolean;
  /** The file for the report: `--report`, or `--report <file>`. */
  readonly report: string | undefined;
}

export const HELP = `npm run chaos -- [options] [file]: the people of the demo, while processes are killed by a seed; the promises are checked at the end

  --minutes <number>            how long things are killed, up to 600; default 2
  --seed <number>               kills in the same order again; default 1
  --faults-per-minute <number>  up to 120; default 30
  --two-brokers                 two of the three brokers may be away at once
  --report                      writes the report to [file], or into bench/results

Exit codes: 0 well, 1 a promise was broken, 2 used wrongly, 3 PostgreSQL or Kafka cannot be had.`;

const MINUTES_AT_MOST = 600;
const MAX_FAULTS_PER_MINUTE = 120;

/** Reads the command line. @throws Error that says what may be given. */
export function readOptions(args: readonly string[]): ChaosOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      'faults-per-minute': { type: 'string', default: '30' },
      report: { type: 'boolean', default: false },
      'two-brokers': { type: 'boolean', default: false },
      platform: { type: 'string' },
    },
  });
  if (values.platform !== undefined)
    throw new Error(
      '--platform: processes are killed on a platform of this run only, never on one that somebody else started. Start it without: npm run chaos -- --minutes 2',
    );
  const [minutes, seed, faultsPerMinute] = [
    values.minutes,
    values.seed,
    values['faults-per-minute'],
  ].map(Number) as [number, number, number];
  if (!(minutes > 0 && minutes <= MINUTES_AT_MOST))
    throw new Error(`--minutes: must be a number above 0, and ${MINUTES_AT_MOST} at most`);
  if (!Number.isInteger(seed) || seed < 0) throw new Error('--seed: must be a whole number');
  if (!(faultsPerMinute > 0 && faultsPerMinute <= MAX_FAULTS_PER_MINUTE))
    throw new Error(
      `--faults-per-minute: must be a number above 0, and ${MAX_FAULTS_PER_MINUTE} at most`,
    );
  const [file = inRepository(`bench/results/chaos-${minutes}m-seed${seed}.txt`)] = positionals;
  const report = values.report ? file : undefined;
  return { minutes, seed, faultsPerMinute, twoBrokers: values['two-brokers'], report };
}
