import { parseArgs } from 'node:util';
import type { Profile } from './people.ts';

export interface DemoOptions {
  readonly people: number;
  readonly seed: number;
  readonly profile: Profile;
}

export const HELP = `npm run demo -- [options]: the platform, an invented country and synthetic people in five simulated days

  --people <number>    how many people and parties ask, from 1 to 2000; default 300
  --seed <number>      draws the same people again; default 1
  --profile <profile>  labour, sexual or mixed: who they are; default labour

Exit codes: 0 well, 1 a promise was broken, 2 used wrongly, 3 PostgreSQL or Kafka cannot be had.`;

const PEOPLE_AT_MOST = 2_000;
const PROFILES: readonly string[] = ['labour', 'sexual', 'mixed'];

/** Reads the command line. @throws Error that says what may be given. */
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
