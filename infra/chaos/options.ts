import { parseArgs } from 'node:util';
import { inRepository } from '@opennrm/infra/local';

export interface ChaosOptions {
  /** Real time during which faults are injected. */
  readonly minutes: number;
  readonly seed: number;
  /**
   * Thirty by default. With many more, a consumer group is rebalancing nearly all the time (a killed member's partitions are free after twelve
   * seconds), and nobody is served until the end.
   */
  readonly faultsPerMinute: number;
  /** Two of the three brokers may be away at the same time. */
  readonly twoBrokers: boolean;
  /** The file for the report: `--report`, or `--report <file>`. */
  readonly report: string | undefined;
}

export const HELP = `npm run chaos -- [options] [file]: the people of the demo, while random faults are injected; the promises are checked at the end

  --minutes <number>            how long faults are injected, up to 600; default 2
  --seed <number>               the same seed gives the same faults in the same order; default 1
  --faults-per-minute <number>  up to 120; default 30
  --two-brokers                 two of the three brokers may be away at the same time
  --report                      writes the report to [file], or into bench/results

Exit codes: 0 success, 1 a promise was broken, 2 used wrongly, 3 PostgreSQL or Kafka cannot be reached.`;

const MINUTES_AT_MOST = 600;
const MAX_FAULTS_PER_MINUTE = 120;

/** Reads the command line. @throws Error with a sentence that names the option and its valid values. */
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
      '--platform: faults are injected only into a platform that this command starts itself. Start it without: npm run chaos -- --minutes 2',
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
