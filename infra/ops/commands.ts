import type { Command } from './command.ts';
import { lag } from './lag.ts';
import { migrate } from './migrate.ts';
import { parked, release } from './parked.ts';
import { rebuild } from './rebuild.ts';
import { reconcile } from './reconcile.ts';
import { replay } from './replay.ts';
import { rewind } from './rewind.ts';
import { afterRestore, resend } from './senders.ts';
import { status } from './status.ts';
import { verify } from './verify.ts';

/** Every command by its name. */
export const commands: Readonly<Record<string, Command>> = {
  status,
  lag,
  parked,
  reconcile,
  verify,
  release,
  replay,
  resend,
  rewind,
  rebuild,
  'after-restore': afterRestore,
  migrate,
};

const effects = {
  reads: 'It only reads.',
  idempotent: 'It needs a token with the role operator (OPENNRM_TOKEN), and is harmless to repeat.',
  changes:
    'It needs a token with the role operator (OPENNRM_TOKEN), and --yes; without --yes it only prints what it would do.',
};

const usageOf = (name: string, { subjects }: Command): string => `${name} ${subjects}`.trim();

/** The output of `help`. */
export const overview = (): string => {
  const lines = Object.entries(commands).map(
    ([name, one]) => `  ${usageOf(name, one).padEnd(54)} ${one.summary}`,
  );
  const platform =
    '  --platform <file>: the file that describes the platform; default .opennrm/platform.json';
  const codes =
    'Exit codes: 0 success, 1 an operator must act, 2 used wrongly, 3 the platform cannot be reached';
  return `npm run ops -- <command>, or <command> --help\n\n${lines.join('\n')}\n\n${platform}\n\n${codes}`;
};

/** The output of `<command> --help`. */
export const helpOf = (name: string, command: Command): string =>
  `npm run ops -- ${usageOf(name, command)}\n\n${command.summary}\n\n${command.help}\n\n${effects[command.effect]}`;
