import { parseArgs } from 'node:util';
import type { Profile } from './people.ts';

export interface DemoOptions {
  readonly people: number;
  readonly seed: number;
  readonly profile: Profile;
}

export const HELP = `npm run demo -- [options]: the platform, an invented country and synthetic people in five simulated days

  --people <number>    how many people and parties need a place, from 1 to 2000; default 300
  --seed <number>      the same seed gives the same people; default 1
  --profile <profile>  kind of exploitation: labour, sexual or mixed; default labour

Exit codes: 0 success, 1 a promise was broken, 2 used wrongly, 3 PostgreSQL or Kafka cannot be reached.`;

const PEOPLE_AT_MOST = 2_000;
const PROFILES: readonly string[] = ['labour', 'sexual', 'mixed'];

/** Reads the command line. @throws Error with a sentence that names the option and its valid values. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      people: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      profile: { type: 'string', default: 'labour' },
    },
  });
  const [people, seed] = [Number(values.people), Number(values.seed)];
  if (!Number.isInteger(people) || people < 1 || people > PEOPLE_AT_MOST)
    throw new Error(`--people: must be a whole number from 1 to ${PEOPLE_AT_MOST}`);
  if (!Number.isInteger(seed) || seed < 0) throw new Error('--seed: must be a whole number');
  if (!PROFILES.includes(values.profile))
    throw new Error(`--profile: must be one of ${PROFILES.join(', ')}`);
  return { people, seed, profile: values.profile as Profile };
}
