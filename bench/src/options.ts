import { parseArgs } from 'node:util';

/** Parts that are measured only when they are asked for: what they need is fetched first. */
const onRequest = ['restate'] as const;

/** The parts that can be measured, in the order in which they run. */
export const parts = [
  'start',
  'referrals',
  'bare',
  'peers',
  ...onRequest,
  'race',
  'relay',
  'rebuild',
  'deadlines',
  'arrivals',
  'consent',
  'wakes',
  'growth',
] as const;
export type Part = (typeof parts)[number];

const isOnRequest = (part: Part): boolean => onRequest.some((one) => one === part);

export interface BenchOptions {
  readonly only: readonly Part[];
  /** Loads of 10 s instead of 60 s, and fewer rows: about ten minutes. */
  readonly quick: boolean;
  /** Numbers of cases with which the databases are filled, smallest first. */
  readonly cases: readonly number[];
  /** Sample profiles of the services under load, also when every aim is met. */
  readonly profile: boolean;
  /** The folder of the reports; when undefined, the run replaces the committed ones. */
  readonly out: string | undefined;
}

export const HELP = `npm run bench -- [options]: how fast this is, beside the limits of the machine and beside others, in one run

  --only <part,…>   of ${parts.join(', ')}; default all but ${onRequest.join(', ')}
  --peers <name>    also a peer that is fetched when asked for (225 MB, once): ${onRequest.join(', ')}
  --quick           loads of 10 s in place of 60 s, and less of everything
  --cases <number>  how many cases the databases are filled with, from 1000 to 1000000
  --profile         where the time goes, also where every aim is met
  --out <folder>    where the reports go; default bench/results

Exit codes: 0 measured, also when an aim was missed; 1 a part failed; 2 used wrongly.`;

const QUICK_CASES = 2_000;
const FULL_CASES = 200_000;
const MOST_CASES = 1_000_000;

/** Reads the command line. @throws Error that states what may be given. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      peers: { type: 'string' },
      quick: { type: 'boolean', default: false },
      cases: { type: 'string' },
      profile: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const only = values.only?.split(',') ?? parts.filter((part) => !isOnRequest(part));
  const peers = values.peers?.split(',') ?? [];
  refuseUnknown('--only', only, parts);
  refuseUnknown('--peers', peers, onRequest);
  const cases = Number(values.cases ?? (values.quick ? QUICK_CASES : FULL_CASES));
  if (!Number.isInteger(cases) || cases < 1_000 || cases > MOST_CASES)
    throw new Error(`--cases: must be a whole number from 1000 to ${MOST_CASES}`);
  return {
    only: parts.filter((part) => only.includes(part) || peers.includes(part)),
    quick: values.quick,
    cases: [cases],
    profile: values.profile,
    out: values.out,
  };
}

function refuseUnknown(option: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((one) => !known.includes(one));
  if (unknown !== undefined)
    throw new Error(`${option}: ${unknown} is not one of ${known.join(', ')}`);
}
