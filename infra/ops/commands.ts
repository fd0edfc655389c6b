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
  reads: 'It looks only.',
  idempotent: 'It needs a token with the role operator (OPENNRM_TOKEN), and is harmless to repeat.',
  changes:
    'It needs a token with the role operator (OPENNRM_TOKEN), and --yes; without --yes it says what it would do.',
};

const usageOf = (name: string, { subjects }: Command): string => `${name} ${subjects}`.trim();

/** What is shown for `help`. */
export const overview = (): string => {
  const lines = Object.entries(commands).map(
    ([name, one]) => `  ${usageOf(name, one).padEnd(54)} ${one.summary}`,
  );
  const platform = '  --platform <file>: where the platform is; default .opennrm/platform.json';
  const codes =
    'Exit codes: 0 well, 1 something needs an operator, 2 used wrongly, 3 the platform cannot be reached';
  return `npm run ops -- <command>, or <command> --help\n\n${lines.join('\n')}\n\n${platform}\n\n${codes}`;
};

/** What is shown for `<command> --help`. */
export const helpOf = (name: string, command: Command): string =>
  `npm run ops -- ${usageOf(name, command)}\n\n${command.summary}\n\n${command.help}\n\n${effects[command.effect]}`;
